"""Messages of the comparison page, and of the line that sums up a change."""

from archive.diffing import SUMMING
from archive.publish.messages.message import Messages

DIFF: Messages = {
    "diff_not_shown": (
        "全文未在本站刊登，其中删去 {deleted} 字，新增 {inserted} 字。",
        "The whole text is not shown here. Characters deleted in it: {deleted}, inserted: {inserted}.",
    ),
    "diff_of_shown": ("以下只对比所刊登的部分。", "Only the part that is shown is compared below."),
    "diff_elsewhere": ("改动不在所刊登的部分。", "The change is not in the part that is shown."),
    "change_not_shown": ("改动处未在本站刊登", "the change is not shown here"),
    **SUMMING,
    "diff_next": ("下一处", "Next change"),
    "diff_previous": ("上一处", "Previous change"),
    "diff_first": ("第一处改动", "First change"),
    "diff_form_n": ("另有 {n} 处仅格式不同。", "{n} more differ in form only."),
    "diff_with_form": ("显示格式差异", "Show differences of form"),
    "diff_without_form": ("不显示格式差异", "Hide differences of form"),
    "diff_patch": ("补丁（.patch）", "Patch (.patch)"),
    "segment_delete": ("删", "deleted"),
    "segment_insert": ("增", "inserted"),
    "diff_becomes": ("改为", "becomes"),
    "diff_removed_item": ("去掉", "removed"),
    "diff_added_item": ("加入", "added"),
    "diff_moved": ("移动", "moved"),
    "diff_moved_to": ("移到别处", "Moved elsewhere"),
    "diff_moved_from": ("从别处移来", "Moved from elsewhere"),
    "diff_folded_n": ("{n} 字未变", "{n} characters unchanged"),
    "diff_left_out": (
        "改动太多，本页只显示前 {n} 处，另有 {more} 处未显示；全部见",
        "Too many changes for one page: it shows the first {n} and leaves out {more}. All of them: ",
    ),
    "diff_more_items": ("另有 {n} 项", "{n} more"),
}
