"""Messages with which days, months and years are written in words."""

from archive.publish.messages.message import Messages

DATES: Messages = {
    "year_named": ("{year}年", "{year}"),
    "month_named": ("{year}年{month}", "{month} {year}"),
    "day_named": ("{year}年{month}{day}日", "{day} {month} {year}"),
    "month_01": ("1月", "January"),
    "month_02": ("2月", "February"),
    "month_03": ("3月", "March"),
    "month_04": ("4月", "April"),
    "month_05": ("5月", "May"),
    "month_06": ("6月", "June"),
    "month_07": ("7月", "July"),
    "month_08": ("8月", "August"),
    "month_09": ("9月", "September"),
    "month_10": ("10月", "October"),
    "month_11": ("11月", "November"),
    "month_12": ("12月", "December"),
}
