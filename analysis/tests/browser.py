"""A headless Chromium that opens reports, without a network, and records what they do."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 600  # long, because machines are shared; a page that is broken ends the wait by its errors
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--window-size=1400,1000",
)
# Chromium reports how fast its own drivers are on the console, too.
OF_DRIVERS = "GL Driver Message"

SETTLED = """
    const done = arguments[0];
    const figures = () => [...document.querySelectorAll(".figure")];
    const drawn = () => Promise.all(figures().map((figure) => figure.lastChange));
    requestAnimationFrame(() => requestAnimationFrame(() => drawn().then(drawn).then(() => done())));
"""


class Browser:
    """A window of the browser."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        driver.set_page_load_timeout(PATIENCE_S)
        driver.set_script_timeout(PATIENCE_S)
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
        )

    def open(self, path: Path) -> None:
        """Opens a report and waits until it is drawn."""
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.emulate()
        self.driver.get(path.resolve().as_uri())
        self.until("return document.documentElement.dataset.ready === 'true'")
        self.settle()

    def emulate(self, media: str = "screen", scheme: str = "light") -> None:
        """Shows the page as on a medium, in a colour scheme that the system asks for."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [feature]})

    def narrow(self, width: int | None) -> None:
        """Gives the page a width in pixels; None: that of the window."""
        size = {"width": width or 0, "height": 0, "deviceScaleFactor": 0, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 (values of JSON)
        """Runs a script in the page and returns its result."""
        return self.driver.execute_script(script, *arguments)

    def until(self, condition: str) -> None:
        """Waits until a script returns true, or the page has reported an error."""
        WebDriverWait(self.driver, PATIENCE_S, 0.05).until(
            lambda _: self.run(condition) or self.fail_on_errors()
        )

    def settle(self) -> None:
        """Waits until everything that was changed is drawn."""
        self.driver.execute_async_script(SETTLED)

    def fail_on_errors(self) -> None:
        """Fails if the console has a message, or anything but the page itself was requested."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        assert [message for message in messages if OF_DRIVERS not in message] == []
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        requested = [
            e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
        ]
        page = self.driver.current_url
        assert [url for url in requested if url != page and not url.startswith(("data:", "blob:"))] == []

    def find(self, selector: str) -> WebElement:
        """The first element of a CSS selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def type_threshold(self, name: str, value: float) -> None:
        """Replaces the number of a threshold."""
        self.find(f"#{name}").send_keys(Keys.CONTROL, "a", Keys.NULL, str(value))
        self.settle()

    def drag_along(self, axis: WebElement, start: float, end: float) -> None:
        """Drags the mouse along a vertical axis, of which the lower end is 0 and the upper one 1."""
        self.run("arguments[0].scrollIntoView({block: 'center'})", axis)
        height = self.run("return arguments[0].getBoundingClientRect().height", axis)
        first, last = (round((0.5 - share) * height) for share in (start, end))
        mouse = ActionChains(self.driver).move_to_element_with_offset(axis, 0, first).click_and_hold()
        mouse.move_by_offset(0, (last - first) // 2).move_by_offset(0, last - first - (last - first) // 2)
        mouse.release().perform()
        self.settle()

    def click_point(self, figure: str, trace: int, x: object, y: object) -> None:
        """Clicks the place of a value in a figure of plotly.js: x and y in the units of its trace."""
        element = self.find(f"#{figure}")
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        across, down = self.run(
            "const [figure, trace, x, y] = arguments, {xaxis, yaxis} = figure.calcdata[trace][0].trace;"
            "const layout = figure._fullLayout, size = figure.getBoundingClientRect();"
            "const [h, v] = [layout[xaxis.replace('x', 'xaxis')], layout[yaxis.replace('y', 'yaxis')]];"
            "const place = (axis, value) => axis._offset + axis.l2p(axis.c2l(axis.d2c(value)));"
            "return [place(h, x) - size.width / 2, place(v, y) - size.height / 2]",
            *(element, trace, x, y),
        )
        mouse = ActionChains(self.driver)
        mouse.move_to_element_with_offset(element, round(across), round(down)).pause(0.5).click().perform()
        self.settle()

    def choose_option(self, selector: str, text: str) -> None:
        """Chooses from a list."""
        Select(self.find(selector)).select_by_visible_text(text)
        self.settle()

    def configs_in_table(self) -> list[int]:
        """The configurations that the table shows, in its order."""
        return [int(text) for text in self.run(
            "return [...document.querySelectorAll('#table tbody button.config')].map((b) => b.textContent)"
        )]  # fmt: skip


@contextmanager
def started(profile: Path) -> Iterator[Chrome]:
    """A browser with its own profile, which is a folder."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options, Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()
