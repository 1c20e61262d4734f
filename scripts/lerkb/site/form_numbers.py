"""What the form in the browser tells a telephone or account number by: the tables of the libraries that the command line asks.

They are taken from the installed libraries, so that both sides go by one edition of them. ``assets/numbers.js`` reads them.
"""

from __future__ import annotations

import itertools
import string
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata, PhoneNumberDesc

#: The descriptions of a numbering plan one of which a number must fit, in the library’s words.
_TYPES: Final = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "fixed_line",
)


@cache
def number_tables() -> dict[str, Any]:
    """Numbering plans by country calling code, and the form of account numbers by country."""
    return {"phones": _phones(), "accounts": _accounts()}


def _phones() -> dict[int, list[dict[str, Any]]]:
    """For each calling code the plans of its countries; the first is the one that a number is read by."""
    from phonenumbers import PhoneMetadata  # its tables take longer to load than a hundred records to check
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    return {
        code: [
            _plan(plan, is_main=number == 0)
            for number, region in enumerate(regions)
            if (plan := PhoneMetadata.metadata_for_region_or_calling_code(code, region)) is not None
        ]
        for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items())
    }


def _plan(plan: PhoneMetadata, *, is_main: bool) -> dict[str, Any]:
    """A country’s plan. By how its numbers are dialed inside it, only the main plan of a calling code is asked."""
    kinds = [getattr(plan, name) for name in _TYPES]
    if not plan.same_mobile_and_fixed_line_pattern:
        kinds.append(plan.mobile)
    described = {
        "general": _description(plan.general_desc),
        "kinds": [made for kind in kinds if (made := _description(kind))],
        "leading": plan.leading_digits,
    }
    if is_main:
        described |= {
            "local": list(plan.general_desc.possible_length_local_only) if plan.general_desc else [],
            "international": plan.international_prefix,
            "prefix": plan.national_prefix_for_parsing,
            "becomes": (plan.national_prefix_transform_rule or "").replace("\\", "$"),
        }
    return {key: value for key, value in described.items() if value}


def _description(kind: PhoneNumberDesc | None) -> list[Any]:
    """The pattern and the lengths of the numbers of a kind; nothing where there is no such kind."""
    if kind is None or not kind.national_number_pattern:
        return []
    return [kind.national_number_pattern, list(kind.possible_length)]


def _accounts() -> dict[str, str]:
    """How the account numbers of each country are made up."""
    from stdnum import numdb

    known = numdb.get("iban")
    countries = ("".join(letters) for letters in itertools.product(string.ascii_uppercase, repeat=2))
    found = {country: known.info(country)[0][1].get("bban", "") for country in countries}
    return {country: form for country, form in found.items() if form}
