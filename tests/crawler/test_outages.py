"""When failures mean the site: 20 of the last 30 visits, or every one of five or more at a crawl's end."""

from support.tables import every_row

from crawler.spiders.failures import MAX_NAMED, Failures, VisitWindow


def ends_at(answers: str) -> int | None:
    """After which visit a crawl ends as an outage; `+` answered, `-` did not."""
    visits = VisitWindow()
    for number, each in enumerate(answers, start=1):
        visits.note(each == "+")
        if visits.outage:
            return number
    return None


@every_row(
    ("answers", "end"),
    [
        ("", None),
        ("-" * 19, None),
        ("-" * 20, 20),
        ("+" * 1000 + "-" * 20, 1020),
        ("-" * 15 + "+" * 100, None),
        ("-+" * 500, None),
        ("--+" * 10, 29),
        ("-" * 10 + "+" * 10 + "-" * 10, 30),
        ("-" * 10 + "+" * 11 + "-" * 10, None),
    ],
)
def test_twenty_failures_in_the_last_thirty_visits_are_an_outage(answers: str, end: int | None) -> None:
    assert ends_at(answers) == end


@every_row(
    ("answers", "all_failed"),
    [("", False), ("----", False), ("-----", True), ("+" + "-" * 40, False), ("-+---", False)],
)
def test_a_crawl_is_all_failed_only_after_five_or_more_visits_without_an_answer(answers: str, all_failed: bool) -> None:
    visits = VisitWindow()
    for each in answers:
        visits.note(each == "+")
    assert visits.all_failed is all_failed


@every_row(
    ("failed", "last"),
    [(0, None), (1, "0"), (MAX_NAMED, str(MAX_NAMED - 1)), (MAX_NAMED + 300, "300 more articles failed")],
)
def test_the_first_failures_are_named_and_the_others_counted(failed: int, last: str | None) -> None:
    lines: list[str] = []
    failures = Failures(lines.append)
    for number in range(failed):
        failures.say(str(number))
    failures.end()
    assert (lines[-1] if lines else None, len(lines)) == (last, min(failed, MAX_NAMED + 1))
