"""``lerkb explain``."""

from lerkb.checks import all_checks


def test_a_check_is_explained_by_code_or_name_in_any_letters(run_lerkb):
    by_code = run_lerkb("explain", "ref001")
    assert by_code.code == 0
    assert by_code.out.startswith("REF001 unknown-reference (error)\n")
    assert run_lerkb("explain", "Unknown-Reference").out == by_code.out


def test_it_says_whether_a_check_can_be_waived(run_lerkb):
    assert run_lerkb("explain", "REF001").out.endswith("A record may waive it with a written reason.\n")
    assert run_lerkb("explain", "SCH001").out.endswith("It cannot be waived.\n")


def test_without_a_code_every_check_is_listed(run_lerkb):
    lines = run_lerkb("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == [check.code for check in all_checks()]


def test_a_mistyped_code_suggests_the_nearest(run_lerkb):
    run = run_lerkb("explain", "RFE001")
    assert (run.code, run.out) == (2, "")
    assert run.err == "lerkb: no check is called 'RFE001'; did you mean REF001?\n"


def test_a_mistyped_name_suggests_the_nearest(run_lerkb):
    assert "did you mean unknown-reference?" in run_lerkb("explain", "unknown-refrence").err


def test_a_code_like_no_other_leads_to_the_list(run_lerkb):
    assert run_lerkb("explain", "%").err == "lerkb: no check is called '%'; `lerkb explain` lists them\n"
