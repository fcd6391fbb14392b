"""What a browser finds wrong with a page: by the rules of axe, and by its width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE, DESK = 360, 1280

# What axe finds right stays in the browser: to carry it over took two thirds of the time. Half of
# the rest went into contrast: text in the same colours on the same ground is judged once for each
# window, wherever it stands.
ASK = """([rules, spared]) => {
    const CLEAR = /^rgba\\(0, 0, 0, 0\\) none 1 (static|relative)$/;
    window.judged ??= new Set();
    const grounds = new Map([[null, ""]]);
    const ground = (element) => {
        if (grounds.has(element)) return grounds.get(element);
        const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(element);
        const own = [backgroundColor, backgroundImage, opacity, position].join(" ");
        const below = ground(element.parentElement);
        grounds.set(element, CLEAR.test(own) ? below : `${own} over ${below}`);
        return grounds.get(element);
    };
    // A card that is laid out late would hide what is too wide in it.
    document.querySelectorAll(".table-cards tr").forEach((row) => {
        row.style.contentVisibility = "visible";
    });
    for (const element of document.body.querySelectorAll("*")) {
        if (!element.checkVisibility() || (spared.length && element.closest(spared))) continue;
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
        const text = [element.tagName, element.className, color, fontSize, fontWeight, textShadow];
        const look = `${text} on ${ground(element)}`;
        element.toggleAttribute("data-judged", judged.has(look));
        judged.add(look);
    }
    axe.configure({ rules: [{ id: "color-contrast", selector: ":not([data-judged])" }] });
    return axe.run({ exclude: spared.map((found) => [found]) }, {
        ...(rules && { runOnly: { type: "rule", values: rules } }), resultTypes: ["violations"],
    }).then((found) => {
        const root = document.documentElement;
        const wide = root.scrollWidth > root.clientWidth;
        return found.violations.flatMap((rule) =>
            rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`)
        ).concat(wide ? [`scrolls sideways: ${root.scrollWidth}`] : []);
    });
}"""

# What another width or other colours can break; the rest reads the document, which stays the same.
OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")

# The same on each page of a person, and a third of what axe looks at.
FRAME = (".site-header", ".site-footer")


class Screen:
    """A window that is a desk in the light and a phone in the dark, in turns.

    Nobody looks at its picture, so that it is drawn on a few pixels. Without motion no colour is
    caught halfway between the light and the dark.
    """

    def __init__(self, page: Page, *, phone: int = PHONE) -> None:
        self.page, self.phone = page, phone
        self.session = page.context.new_cdp_session(page)
        self.is_phone = True
        self.turn()

    def turn(self) -> None:
        self.is_phone = not self.is_phone
        scheme: Literal["dark", "light"] = "dark" if self.is_phone else "light"
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        size = {"width": self.phone if self.is_phone else DESK, "height": 900}
        picture = {"deviceScaleFactor": 1, "mobile": False, "scale": 0.01}
        self.session.send("Emulation.setDeviceMetricsOverride", size | picture)

    def complaints(self, *, spared: Sequence[str] = ()) -> list[str]:
        """About the page as it stands: first as it is, then after a turn."""
        found = self.ask(spared)
        self.turn()
        return found + self.ask(spared)

    def ask(self, spared: Sequence[str]) -> list[str]:
        """All rules on the desk, those of looks on the phone, and the width on both."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        rules = OF_LOOKS if self.is_phone else None
        found: list[str] = self.page.evaluate(ASK, [rules, list(spared)])
        where = "dark phone" if self.is_phone else "light desk"
        return [f"{where}: {text}" for text in found]
