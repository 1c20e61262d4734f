"""The one count of all marks: of every finding of a pilot record and every claim of any other record, once each."""

from lerkb import strength
from lerkb.site.assembly import assemble
from lerkb.site.counts import mark_counts
from lerkb.site.pages import evidence, glance
from lerkb.site.site import SiteSettings


def test_every_finding_and_claim_is_counted_once(sample):
    base = sample.base.without_drafts()
    counts = mark_counts(base)
    findings = [finding for pilot in base.of("pilot") for finding in pilot.data["findings"]]
    claims = [claim for record in base if record.status == "published" for claim in record.data.get("claims", ())]
    assert findings
    assert claims
    assert sum(counts.findings.values()) == sum(counts.checked.values()) == len(findings)
    assert sum(counts.claims.values()) == sum(counts.effects.values()) == len(claims)
    assert counts.checked[""] == sum("checked" not in finding for finding in findings)
    assert counts.findings[strength.MEASURED_BY_ITSELF] == sum(
        finding["state"] == "measured" and finding.get("counted_by") == "self" and "told_by" not in finding
        for finding in findings
    )
    assert counts.findings[strength.REASONED] == 0


def test_the_pages_that_tell_of_it_tell_the_same(sample):
    site = assemble(sample, SiteSettings("Sample records"))
    shown = glance.view(site).sure
    told = evidence.view(site)
    assert [bar.count for bar in shown[0].bars] == [findings for _, _, findings, _ in told.ladder]
    assert [bar.count for bar in shown[1].bars] == [claims for _, _, _, claims in told.ladder]
    assert [bar.count for bar in shown[2].bars] == [count for _, _, count in told.effects]
