"""What axe finds wrong with a page."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What it finds right stays in the browser: to carry it over took two thirds of the time.
ASK = """([rules, spared]) => axe.run({ exclude: spared.map((found) => [found]) }, {
    ...(rules && { runOnly: { type: "rule", values: rules } }), resultTypes: ["violations"],
}).then((found) =>
    found.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`)))"""


# What another width or other colours can break; the rest reads the document, which stays the same.
OF_LOOKS = ("color-contrast", "target-size", "scrollable-region-focusable", "meta-viewport")


# The same on each page of a person, and a third of what axe looks at.
FRAME = (".site-header", ".site-footer")


def violations(
    page: Page, *, rules: Sequence[str] | None = None, spared: Sequence[str] = ()
) -> list[str]:
    """A line for each element that breaks a rule, as the page stands now; None: all rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(ASK, [rules, list(spared)])
    return found
