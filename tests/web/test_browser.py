"""The pages in a real Chromium: light and dark, wide and on a phone, without JavaScript, by keyboard."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from bot.demo.history import keep, made_up
from bot.sandbox import Sandbox, SandboxServer
from bot.settings import Settings, credentials
from bot.store.database import Database
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.furnish import furnish
from tests.web.site import in_thread, services_on

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: ViewportSize = {"width": 1200, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 800}
SMALL: ViewportSize = {"width": 360, "height": 740}
REPORT = "/r/acme/widgets/report"
PATHS = (
    "/",
    "/r/acme/widgets",
    "/r/acme/engine",
    "/r/acme/widgets/12",
    REPORT,
    "/reports",
    "/deliveries",
    "/setup",
    "/no-such-page",
)

# Every text whose contrast with what lies behind it is below WCAG AA (4.5:1, 3:1 where it is large).
LOW_CONTRAST = """() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const numbers = color => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const found = numbers(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(numbers(style.color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const enough = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
    if (ratio < enough) bad.push(`${ratio.toFixed(1)} ${node.textContent.trim()}`);
  }
  return bad;
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    return services_on(sqlite_database, undo=lambda _action: "took off kind/bug")


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    furnish(services)
    keep(made_up(datetime.now(UTC)), services.database)
    with in_thread(create_app(services)) as where:
        yield where


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(java_script_enabled=False, viewport=WIDE)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_readable(
    chromium: Browser, url: str, tmp_path: Path, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    # Scripts of the page itself stay forbidden by its policy; this one comes from outside.
    context = chromium.new_context(color_scheme=scheme, viewport=size)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PATHS:
        page.goto(url + path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        page.screenshot(
            path=tmp_path / f"{path.strip('/').replace('/', '-') or 'ledger'}.png", full_page=True
        )
        assert page.evaluate(LOW_CONTRAST) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"], path
        assert page.locator("h1").count() == 1
    assert [text for text in complaints if "404" not in text] == []
    context.close()


def test_the_keyboard_reaches_everything(page: Page, url: str) -> None:
    page.goto(url + "/r/acme/widgets/12")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.locator("button:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Undone: took off kind/bug.")


def test_filter_and_retry_without_javascript(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Repository").select_option("acme/engine")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Please support AMD GPUs")).to_be_visible()
    expect(page.get_by_role("heading", name="Crash when saving a file")).to_have_count(0)
    page.go_back()
    page.get_by_role("link", name="deliveries need you").click()
    page.get_by_role("button", name="Retry").first.click()
    expect(page.get_by_role("status")).to_contain_text("is back in line")


def test_a_report_is_read_and_asked_for_without_javascript(page: Page, url: str) -> None:
    page.goto(url + REPORT)
    page.get_by_text("90 days, threads of everyone, those of bots included").click()
    page.get_by_label("Window").select_option("a week")
    page.get_by_label("Threads of", exact=True).select_option("newcomers")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="the week before").first).to_be_visible()
    page.get_by_text("The numbers").first.click()
    expect(page.get_by_role("columnheader", name="Month").first).to_be_visible()
    assert page.get_by_role("img", name="Issues by month").count() == 1
    page.get_by_role("button", name="widget-greeter: A bot").click()
    expect(page.get_by_role("status")).to_have_text("widget-greeter counts as a bot from now on.")
    expect(page.get_by_text("is a bot: somebody with the dashboard's key said so")).to_be_visible()
    expect(page.get_by_text("Only threads of newcomers")).to_be_visible()
    page.get_by_role("button", name="widget-greeter: forget what was said").click()
    expect(page.get_by_role("status")).to_contain_text("Forgotten: widget-greeter counts as")


@pytest.mark.parametrize("size", [WIDE, PHONE, SMALL], ids=["wide", "phone", "small"])
def test_a_report_leads_with_what_needs_somebody(page: Page, url: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto(url + REPORT)
    expect(page.locator(".needs .threads a").first).to_be_in_viewport()
    expect(page.get_by_label("Window")).to_be_hidden()


def test_names_of_figures_open_what_they_say_by_keyboard(page: Page, url: str) -> None:
    page.goto(url + REPORT)
    figure = page.locator(".means", has_text="Time to merge")
    name, said = figure.locator("summary"), figure.locator("p")
    expect(said).to_be_hidden()
    name.focus()
    page.keyboard.press("Enter")
    expect(said).to_be_visible()
    page.keyboard.press("Enter")
    expect(said).to_be_hidden()


def test_a_link_opens_the_fold_that_it_leads_into(page: Page, url: str) -> None:
    page.goto(url + REPORT)
    expect(page.locator("#maintainers")).to_be_hidden()
    page.get_by_text("What these lists hold").click()
    page.get_by_role("link", name="Who counts as a maintainer").click()
    expect(page.locator("#maintainers")).to_be_visible()
    expect(page.locator("#maintainers")).to_be_in_viewport()


def test_on_paper_a_report_has_its_definitions_and_no_forms(page: Page, url: str) -> None:
    page.goto(url + REPORT)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".meanings dt", has_text="Time to merge")).to_be_visible()
    assert all(each.is_visible() for each in page.locator(".needs .threads a").all())
    for gone in ("body > header", ".asked", ".contents", "form", "button"):
        assert not any(each.is_visible() for each in page.locator(gone).all()), gone
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_headings_of_a_report_stand_in_order(page: Page, url: str) -> None:
    page.goto(url + REPORT)
    levels = [int(each.evaluate("node => node.tagName[1]")) for each in page.get_by_role("heading").all()]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_the_key_opens_the_dashboard(page: Page, sqlite_database: Database) -> None:
    locked = services_on(sqlite_database, {"dashboard_open": False, "dashboard_key": "a key"})
    with in_thread(create_app(locked)) as url:
        page.goto(url + "/deliveries")
        page.get_by_label("Key").fill("not the key")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="That is not the key")).to_be_visible()
        page.get_by_label("Key").fill("a key")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="Deliveries from GitHub")).to_be_visible()
        expect(page).to_have_url(url + "/deliveries")


def test_setup_with_the_rules_that_browsers_have_for_cookies_and_forms(
    page: Page, sqlite_database: Database
) -> None:
    with SandboxServer(Sandbox()) as github:
        settings = {"github_api_url": github.api_url, "dashboard_open": False, "dashboard_key": "a key"}
        services = services_on(sqlite_database, settings, credentials=None)

        def reconfigure() -> None:
            assert isinstance(services.settings, Settings)
            services.credentials = credentials(services.settings)

        services.reconfigure = reconfigure
        with in_thread(create_app(services)) as address:
            # Another name for this machine, so that GitHub and Usher are different sites to the browser.
            url = address.replace("127.0.0.1", "localhost")
            page.goto(url + "/setup?key=a key")
            page.get_by_label("Name of the App").fill("usher-for-acme")
            page.get_by_role("button", name="Continue").click()
            page.get_by_role("button", name="Continue on").click()
            page.get_by_role("button", name="Create GitHub App").click()
            expect(page.get_by_role("heading", name="The App is ready")).to_be_visible()
            assert services.credentials is not None
            page.get_by_role("link", name="the ledger").click()
            expect(page.get_by_role("heading", name="Nothing has happened yet")).to_be_visible()
