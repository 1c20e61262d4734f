"""Details of people: what would harm somebody if it were published. No waiver lets it pass, and no message repeats it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.text.strings import may_hold, remarks, strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lerkb.diagnostics import Field, Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record
    from lerkb.yaml_source import Source

_SAID: Final = Catalogue("privacy")
_FIRST: Final = 2  # characters of a datum that a report may show


def _texts(
    source: Source, look: re.Pattern[str] | Sequence[str]
) -> Iterator[tuple[Field, tuple[int, int] | None, str]]:
    """Each text of a file with its field, or the line and column of a remark; none where the quick look finds nothing."""
    if source.legible is not None and may_hold(source.text, look):
        for field, text in strings(source.legible):
            yield field, None, text
        for line, column, text in remarks(source.legible_text or source.text):
            yield (), (line, column), text


def _found(  # noqa: PLR0913 - what to look for, where, and how to say it
    source: Source,
    name: str,
    look: re.Pattern[str] | Sequence[str],
    pattern: str,
    *,
    accept: Callable[[str], bool] | None = None,
    what: str = "",
) -> Iterator[Problem]:
    """What a pattern finds outside of addresses of pages: what looks like a number in one is none."""
    pages = _SAID.pattern("address-of-page")
    for field, place, text in _texts(source, look):
        for match in _SAID.pattern(pattern).finditer(pages.sub(lambda found: " " * len(found[0]), text)):
            if accept is None or accept(match[0]):
                yield _SAID.problem(name, field, place=place, shown=masked(match[0]), what=what)


def masked(text: str) -> str:
    """A datum as a report may show it: enough to find it, too little to use it."""
    return text[:_FIRST] + "…" if len(text) > _FIRST else "…"


@check("PRV001", Severity.ERROR, Scope.SOURCE)
def email_address(source: Source) -> Iterator[Problem]:
    """An email address stands in the text

    A record is public for good. An address brings its owner unwanted mail, and can tell who a person is.

    Bad:
        note: Ask r.doe@example.org for the report.
    Good:
        note: The college’s registrar has the report.
    """
    return _found(source, "email-address", _SAID.terms("quick-email"), "email")


@check("PRV002", Severity.ERROR, Scope.SOURCE)
def phone_number(source: Source) -> Iterator[Problem]:
    """A telephone number stands in the text

    Numbers of people do not belong in a public record. In a source record the number of an organization may stand.

    Bad:
        note: Call 212-555-0143 and ask for the forewoman.
    Good:
        note: The union hall keeps the list.
    """
    if source.kind != "source":
        yield from _found(source, "phone-number", _SAID.pattern("quick-number"), "phone", accept=_is_phone)


def _is_phone(text: str) -> bool:
    """Whether it is a number that a telephone could ring, in the US or, with a country code, elsewhere."""
    import phonenumbers  # its tables take longer to load than a hundred records to check

    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and (
        phonenumbers.is_valid_number(number) or _is_example(number.national_number, number.country_code)
    )


def _is_example(national: int | None, country: int | None) -> bool:
    """Numbers from 555-0100 to 555-0199 are kept for fiction, which is where people learn the form of a number."""
    return country == 1 and national is not None and national // 10000 % 1000 == 555 and national % 10000 // 100 == 1  # noqa: PLR2004 - as the numbering plan has it


@check("PRV003", Severity.ERROR, Scope.SOURCE)
def postal_address(source: Source) -> Iterator[Problem]:
    """A street address stands in the text

    It can lead somebody to a person who must not be found. A town or a state says enough for a record.

    Bad:
        who: A cook who lives at 12 Mill Street
    Good:
        who: A cook in a small town in Ohio
    """
    return _found(source, "postal-address", _SAID.pattern("quick-street"), "street")


@check("PRV004", Severity.ERROR, Scope.SOURCE)
def personal_number(source: Source) -> Iterator[Problem]:
    """A number that an office or a bank gave to a person

    Social security, passport, card and account numbers open accounts in a person’s name.

    Bad:
        note: His number is 123-45-6789.
    Good:
        note: The form asks for a social security number.
    """
    found = (
        ("quick-number", "social-security-number", _is_social_security, "social security number"),
        ("quick-account", "bank-account", _is_bank_account, "bank account number"),
        ("quick-number", "card-number", _is_card, "card number"),
    )
    for look, pattern, accept, what in found:
        yield from _found(source, "personal-number", _SAID.pattern(look), pattern, accept=accept, what=what)
    yield from _found(source, "personal-number", _SAID.terms("quick-passport"), "passport", what="passport number")


def _is_social_security(text: str) -> bool:
    return text not in _SAID.terms("published-numbers")


def _is_bank_account(text: str) -> bool:
    from stdnum import iban

    # Check digits of a country’s own are not asked for: what is off by one of them gives its owner away all the same.
    return bool(iban.is_valid(text, check_country=False))


def _is_card(text: str) -> bool:
    from stdnum import luhn

    digits = re.sub(r"\D", "", text)
    return digits[0] in "3456" and bool(luhn.is_valid(digits))


@check("PRV005", Severity.ERROR, Scope.SOURCE)
def date_of_birth(source: Source) -> Iterator[Problem]:
    """A date of birth stands in the text

    With a place or a job it tells who a person is. An age group says enough.

    Bad:
        who: A welder born on March 3, 1981
    Good:
        who: A welder in midcareer
    """
    return _found(source, "date-of-birth", _SAID.terms("quick-birth"), "birth")


@cache
def _named() -> re.Pattern[str]:
    roles = "|".join(sorted(map(re.escape, _SAID.terms("roles")), key=len, reverse=True))
    # After more than one person, a word in the plural names what they all are: “workers called Runners”.
    return re.compile(
        rf"\b(?:(?:{roles}) (?:named|called) (?-i:[A-Z][a-z’'-]+)|(?:{roles})s (?:named|called) (?-i:[A-Z][a-z’'-]*[a-rt-z]\b))",
        re.IGNORECASE,
    )


@check("PRV006", Severity.ERROR, Scope.SOURCE)
def private_person(source: Source) -> Iterator[Problem]:
    """A private person is named

    People in records are roles, and never made-up or real persons with a name. Authors of documents stand in source records.

    Bad:
        who: A worker named Rosa, who cleans offices at night
    Good:
        who: A person who cleans offices at night. (A role, not a person.)
    """
    if source.kind == "source":
        return
    looks = (_named(), _SAID.pattern("quick-named")), (_SAID.pattern("titled"), _SAID.terms("quick-titled"))
    for pattern, look in looks:
        for field, place, text in _texts(source, look):
            for match in pattern.finditer(text):
                yield _SAID.problem("private-person", field, place=place, shown=match[0].rpartition(" ")[0] + " …")


@check("PRV007", Severity.ERROR, Scope.SOURCE)
def position(source: Source) -> Iterator[Problem]:
    """An exact position on the map stands in the text

    Four decimals of a degree lead to one house.

    Bad:
        note: The class met at 40.71283, -74.00602.
    Good:
        note: The class met in lower Manhattan.
    """
    return _found(source, "position", _SAID.pattern("quick-position"), "position")


@cache
def _secrets() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((item["what"], re.compile(item["pattern"])) for item in _SAID.terms("secrets"))


@check("PRV008", Severity.ERROR, Scope.SOURCE)
def secret(source: Source) -> Iterator[Problem]:
    """A password, key or token stands in the text

    Whoever reads it can use it. It stays in the history of the files even after it is taken out, so it has to be replaced as well.

    Bad:
        note: 'Password: hunter2hunter2'
    Good:
        note: The page asks for a login.
    """
    for field, place, text in _texts(source, _SAID.terms("quick-secret")):
        for what, pattern in _secrets():
            if pattern.search(text):
                yield _SAID.problem("secret", field, place=place, what=what)


@check("PRV009", Severity.ERROR, Scope.RECORD)
def account_without_consent(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A person’s own experience is told without their consent

    What is public cannot be called back. So the record says under which name the person appears, what they agreed to and when, and that
    they knew this.

    Bad:
        came_about: personal-account (and no account)
    Good:
        account:
          pseudonym: R.
          consent:
            date: '2026-10-04'
            scope: Publish my account under a pseudonym on this site.
            told_of_limits: true
          names_of_others: none
        came_about: personal-account
    """
    account, told = record.data.get("account"), record.data.get("came_about") == "personal-account"
    if account is None:
        if told:
            yield _SAID.problem("account-without-consent", ("came_about",))
        return
    if not told:
        yield _SAID.problem(
            "account-without-consent.another-way", ("came_about",), value=record.data.get("came_about", "")
        )
    consent = account["consent"]
    if consent["told_of_limits"] is not True:
        yield _SAID.problem("account-without-consent.not-told", ("account", "consent", "told_of_limits"))
    written = str(record.data.get("written", ""))
    if written and consent["date"] > written:
        yield _SAID.problem(
            "account-without-consent.later", ("account", "consent", "date"), day=consent["date"], written=written
        )
