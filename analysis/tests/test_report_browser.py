"""Reports in a real browser, a headless Chromium without a network."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import h5py
import numpy as np
import pytest
from selenium.webdriver import Chrome, Keys

import moonsweep
import result_file
from browser import Browser, started
from moonsweep.report import contents, details, html, make_report
from moonsweep.writing import write_whole

SECONDS = np.arange(1, 25) / 8
PAPER = 688  # the width of A4 paper without margins, in pixels


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """The browser, which is started once."""
    with started(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture
def browser(driver: Chrome) -> Iterator[Browser]:
    """A window. After the test, the console must be empty, and nothing may have been requested."""
    window = Browser(driver)
    yield window
    window.fail_on_errors()
    driver.get("about:blank")


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Callable[..., Path]:
    """Opens the report of a file, in a folder whose name has a space and a #."""

    def open_report(result: Path) -> Path:
        folder = tmp_path / "reports of a test #1"
        folder.mkdir()
        with moonsweep.open(result) as sweep:
            write_whole(folder / "report.html", make_report(sweep))
        browser.open(folder / "report.html")
        return result

    return open_report


@pytest.fixture
def graded(finished: Path) -> Path:
    """A sweep with known accuracies and seconds, at the thresholds 95 and 1 and beside them."""
    with result_file.changed(finished) as stored:
        stored["train_accuracy"][:] = np.tile([95.0, 95.0625, 97.5, 99.0], 6)
        stored["dev_accuracy"][:] = np.tile([95.0, 96.0625, 96.4375, 97.9375], 6)
        stored["train_cpu_seconds"][:] = SECONDS[::-1]
        stored["status"][1] = result_file.DIVERGED
        stored["status"][5] = result_file.PENDING
    return finished


def expected_rows(result: Path, min_train: float, max_gap: float, max_seconds: float) -> list[int]:
    """The selection, the quickest first, from the values in the file."""
    with h5py.File(result) as stored:
        train, dev, seconds, status = (
            stored[name][:] for name in ("train_accuracy", "dev_accuracy", "train_cpu_seconds", "status")
        )
    chosen = [
        config
        for config in range(len(train))
        if status[config] == result_file.DONE
        and train[config] > min_train
        and abs(train[config] - dev[config]) <= max_gap
        and seconds[config] <= max_seconds
    ]
    return sorted(chosen, key=lambda config: seconds[config])


def test_the_thresholds_leave_exactly_the_rows_that_meet_them(
    browser: Browser, graded: Path, opened: Callable[..., Path]
) -> None:
    opened(graded)
    browser.choose_option("select[id^='dt-length']", "25")
    before = expected_rows(graded, 95, 1, np.inf)
    assert browser.configs_in_table() == before
    assert len(before) == 4
    browser.type_threshold("max_gap", 1.0625)
    assert browser.configs_in_table() == expected_rows(graded, 95, 1.0625, np.inf)
    browser.type_threshold("max_gap", 1)
    half = SECONDS[::-1][before[1]]
    browser.type_threshold("max_seconds", half)
    after = browser.configs_in_table()
    assert after == expected_rows(graded, 95, 1, half) == before[:2]
    assert browser.find("#selected").text == "2 configurations selected"


def test_the_sliders_change_table_and_figures_at_once(
    browser: Browser, graded: Path, opened: Callable[..., Path]
) -> None:
    opened(graded)
    browser.find("#max_gap-slider").send_keys(Keys.ARROW_RIGHT)
    browser.settle()
    assert browser.find("#max_gap").get_property("value") == "1.25"
    wanted = expected_rows(graded, 95, 1.25, np.inf)
    assert browser.configs_in_table() == wanted[:10]
    assert drawn_strongly(browser) == sorted(wanted)
    checked = browser.run(
        "const texts = document.getElementById('heatmap').data.flatMap((trace) => trace.text.flat());"
        "return texts.filter((text) => text === '✓').length"
    )
    with h5py.File(graded) as stored:
        longest = stored["iterations"][:].max()
        assert checked == sum(stored["iterations"][config] == longest for config in wanted)
    limits = browser.run(
        "return document.getElementById('parallel').data[0].dimensions.find((d) => d.label.startsWith('gap'))"
    )
    assert limits["constraintrange"] == [-1, 1.25]


def drawn_strongly(browser: Browser) -> list[int]:
    """The configurations that the figure of times shows as the selection."""
    return sorted(
        browser.run(
            "return document.getElementById('times').data.filter((t) => t.marker.size === 9)"
            ".flatMap((t) => Array.from(t.customdata)).map((row) => columns.config[row])"
        )
    )


def brush(browser: Browser, axis: str, start: float, end: float) -> None:
    """Drags along an axis of the parallel coordinates, from 0 at its lower end to 1 at its upper one."""
    names = browser.run("return document.getElementById('parallel').data[0].dimensions.map((d) => d.name)")
    axes = browser.driver.find_elements("css selector", "#parallel .axis-brush .background")
    browser.drag_along(axes[names.index(axis)], start, end)


def test_a_range_drawn_along_an_axis_selects_in_table_and_figures(
    browser: Browser, graded: Path, opened: Callable[..., Path]
) -> None:
    opened(graded)
    browser.choose_option("select[id^='dt-length']", "25")
    browser.type_threshold("max_gap", 1.0625)
    with h5py.File(graded) as stored:
        has_few_units = stored["n_h"][:] == stored["n_h"][:].min()
    wide, narrow = (expected_rows(graded, 95, gap, np.inf) for gap in (1.0625, 1))
    within = [config for config in wide if has_few_units[config]]
    assert 1 < len(within) < len(wide)
    assert not browser.find("#clear-brushes").is_displayed()
    brush(browser, "n_h", 0.02, 0.3)
    browser.until("return brushes.size === 1")
    browser.settle()
    assert browser.configs_in_table() == within
    assert drawn_strongly(browser) == sorted(within)
    text = f"{len(within)} configurations selected, within ranges of hidden units"
    assert browser.find("#selected").text == text
    browser.type_threshold("max_gap", 1)
    assert browser.configs_in_table() == [config for config in narrow if has_few_units[config]]
    browser.find("#clear-brushes").send_keys(Keys.ENTER)
    browser.settle()
    assert browser.configs_in_table() == narrow


def test_a_range_drawn_along_an_axis_with_a_threshold_moves_the_threshold(
    browser: Browser, graded: Path, opened: Callable[..., Path]
) -> None:
    opened(graded)
    browser.choose_option("select[id^='dt-length']", "25")
    brush(browser, "train_cpu_seconds", 0.02, 0.7)
    browser.until("return Number.isFinite(thresholds.max_seconds)")
    browser.settle()
    most = float(browser.find("#max_seconds").get_property("value"))
    assert SECONDS.min() < most < SECONDS.max()
    wanted = expected_rows(graded, 95, 1, most)
    assert 0 < len(wanted) < len(expected_rows(graded, 95, 1, np.inf))
    assert browser.configs_in_table() == wanted
    assert not browser.find("#clear-brushes").is_displayed()
    assert browser.find("#selected").text.endswith(" selected")


def test_two_clicks_show_two_boundaries_and_both_cost_curves(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][18] = result_file.STOPPED
        stored["ended_by"][18] = 1
        iterations = stored["iterations_done"][18]
    opened(finished)
    browser.find("#only-selection").click()
    browser.choose_option("select[id^='dt-length']", "25")
    for config in (3, 18):
        browser.find(f"button.config[aria-label='Configuration {config}']").click()
        browser.settle()
    drawn = browser.run(
        "return [...document.querySelectorAll('.card')].map((card) => {"
        "  const {x, y, z} = card.querySelector('.boundary').data[0];"
        "  return {config: Number(card.dataset.config), x, y, z};"
        "})"
    )
    assert [boundary["config"] for boundary in drawn] == [3, 18]
    facts = [line.text for line in browser.driver.find_elements("css selector", ".card h3 + p")]
    assert facts[0].startswith("done · ")
    assert facts[1].startswith(f"stopped after {iterations} iterations by patience · ")
    with moonsweep.open(finished) as sweep:
        for boundary in drawn:
            across, up = np.meshgrid(boundary["x"], boundary["y"])
            points = np.column_stack([across.ravel(), up.ravel()])
            wanted = moonsweep.predict_probability(sweep, boundary["config"], points).reshape(across.shape)
            np.testing.assert_allclose(boundary["z"], wanted, rtol=0, atol=1e-13)
            assert np.ptp(wanted) > 0.1
        costs = browser.run("return document.getElementById('chosen-costs').data.map((t) => [t.x, t.y])")
        for (x, y), config in zip(costs, (3, 18), strict=True):
            stored = moonsweep.cost_of(sweep, config).values
            np.testing.assert_array_equal(y, stored[np.array(x) - 1])
            assert (x[0], x[-1]) == (1, len(stored))


def test_the_table_sorts_and_searches(browser: Browser, finished: Path, opened: Callable[..., Path]) -> None:
    opened(finished)
    browser.find("#only-selection").click()
    browser.choose_option("select[id^='dt-length']", "25")
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
    (heading,) = [h for h in browser.driver.find_elements("css selector", "#table th") if h.text == "dev / %"]
    for is_ascending in (True, False):
        heading.click()
        browser.settle()
        shown = table.loc[browser.configs_in_table(), "dev_accuracy"]
        assert len(shown) == 24
        assert shown.is_monotonic_increasing if is_ascending else shown.is_monotonic_decreasing
    browser.find(".dt-search input").send_keys("sigmoid")
    browser.settle()
    assert sorted(browser.configs_in_table()) == table.index[table["activation"] == "sigmoid"].tolist()


def test_a_click_on_a_point_or_a_cell_of_a_figure_shows_the_configuration(
    browser: Browser, graded: Path, opened: Callable[..., Path]
) -> None:
    opened(graded)
    shown = "return [...document.querySelectorAll('.card')].map((card) => Number(card.dataset.config))"
    with h5py.File(graded) as stored:
        seconds, error = stored["train_cpu_seconds"][14], 100 - stored["dev_accuracy"][14]
        wanted = [stored[name][:] == stored[name][20] for name in ("iterations", "activation")]
        iterations = f"{stored['iterations'][20]:,}"
        place = (int(stored["activation"][20]), f"{stored['learning_rate'][20]:g}", str(stored["n_h"][20]))
    assert np.all(wanted, axis=0).sum() == 4  # a cell for each of two rates and sizes
    browser.click_point("times", 0, seconds, error)
    assert browser.run(shown) == [14]
    browser.choose_option("#heatmap-iterations", iterations)
    browser.click_point("heatmap", *place)
    assert browser.run(shown) == [14, 20]


def test_everything_can_be_done_with_the_keyboard(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    opened(finished)
    reached = {}
    body = browser.find("body")
    for _ in range(80):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        element = browser.driver.switch_to.active_element
        if element == body:
            break
        name = element.get_attribute("id") or element.get_attribute("class") or element.tag_name
        reached.setdefault(name, element)
        outline = element.value_of_css_property("outline-style")
        if name in ("theme", "min_train-slider", "only-selection"):
            assert outline != "none", f"the focus on {name} cannot be seen"
    wanted = {"theme", "only-selection", "heatmap-iterations", "skip", "remove"}
    wanted |= {f"{name}{end}" for name in ("min_train", "max_gap", "max_seconds") for end in ("", "-slider")}
    assert wanted <= reached.keys()
    reached["only-selection"].send_keys(Keys.SPACE)
    browser.settle()
    button = browser.find("button.config")
    button.send_keys(Keys.ENTER)
    browser.settle()
    assert button.get_attribute("aria-pressed") == "true"
    first = browser.configs_in_table()[0]
    assert browser.run("return document.querySelector('.card').dataset.config") == str(first)
    browser.find(".remove").send_keys(Keys.ENTER)
    browser.settle()
    assert browser.run("return document.querySelectorAll('.card').length") == 0
    # The removed button had the focus, which must not return to the top of the page.
    assert browser.driver.switch_to.active_element.get_attribute("id") == "chosen-title"


def test_every_control_has_a_name(browser: Browser, finished: Path, opened: Callable[..., Path]) -> None:
    opened(finished)
    tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = {"button", "slider", "spinbutton", "combobox", "checkbox", "searchbox", "table"}
    shown = [node for node in tree if not node["ignored"] and node.get("role", {}).get("value") in roles]
    named = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in shown]
    assert {role for role, _ in named} == roles
    assert [role for role, name in named if not name] == []
    figures = browser.run(
        "return [...document.querySelectorAll('.figure')].map((f) => [f.role, f.ariaLabel])"
    )
    assert len(figures) >= 7
    assert all(role == "img" and name for role, name in figures)


def luminance(colour: str) -> float:
    """The relative luminance of "rgb(r, g, b)", from 0 to 1."""
    channels = np.array([float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(browser: Browser, selector: str) -> float:
    """The contrast of an element's text with the page, as WCAG defines it."""
    ink = luminance(browser.find(selector).value_of_css_property("color"))
    page = luminance(browser.find("body").value_of_css_property("background-color"))
    return (max(ink, page) + 0.05) / (min(ink, page) + 0.05)


def test_light_and_dark_follow_the_system_and_the_switch(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    opened(finished)
    page = browser.find("body")
    seen = {}
    for scheme in ("light", "dark"):
        browser.emulate(scheme=scheme)
        browser.until(f"return document.documentElement.dataset.theme === '{scheme}'")
        browser.settle()
        seen[scheme] = luminance(page.value_of_css_property("background-color"))
        for selector in ("h1", ".hint", "#counts", "#table td", ".card p"):
            assert contrast(browser, selector) > 4.5, f"{selector} cannot be read in {scheme} colours"
        figure = browser.run("return document.getElementById('times').layout.font.color")
        assert figure == browser.run("return cssColour('--ink')")
    assert seen["light"] > 0.9
    assert seen["dark"] < 0.05
    browser.choose_option("#theme", "light")
    assert luminance(page.value_of_css_property("background-color")) == seen["light"]


def test_the_printed_page_is_light_and_fits_on_the_paper(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    opened(finished)
    browser.choose_option("#theme", "dark")
    browser.emulate(media="print")
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    browser.settle()
    assert luminance(browser.find("body").value_of_css_property("background-color")) > 0.9
    for hidden in ("#theme", "#only-selection", ".remove", ".dt-search", ".modebar-container"):
        assert not browser.find(hidden).is_displayed(), f"{hidden} is printed"
    widths = browser.run(
        "return [...document.querySelectorAll('.js-plotly-plot')].map((e) => e.layout.width)"
    )
    assert len(widths) >= 5
    assert max(widths) <= 700
    browser.narrow(PAPER)
    headings = browser.driver.find_elements("css selector", "#table th")
    assert len(headings) >= 10
    right = [heading.rect["x"] + heading.rect["width"] for heading in headings]
    assert max(right) <= PAPER, "columns of the table are cut off"
    assert browser.run("return document.documentElement.scrollWidth") <= PAPER
    browser.narrow(None)
    browser.emulate()
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    browser.settle()
    assert browser.run("return document.documentElement.dataset.theme") == "dark"


def test_texts_of_the_user_are_shown_and_not_run(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    with result_file.changed(finished) as stored:
        stored.attrs["title"] = evil
        stored.attrs["job"] = f"# {evil}\nname: tiny\n"
        stored.attrs["feature_names"] = [evil, "<b>x</b>"]
        stored.attrs["label_values"] = [evil, "<i>one</i>"]
    opened(finished)
    assert browser.find("h1").text == evil
    browser.find("#job summary").click()
    assert evil in browser.find("#job pre").text
    assert evil in browser.find(".boundary .xtitle").text
    assert browser.find(".boundary .ytitle").text == "<b>x</b>"
    assert browser.run("return document.querySelectorAll('img, b').length") == 0


def test_the_legend_has_every_activation_also_without_a_selection(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    opened(finished)
    browser.type_threshold("min_train", 100)
    assert browser.find("#selected").text == "0 configurations selected"
    names = [element.text for element in browser.driver.find_elements("css selector", "#times .legendtext")]
    assert names == ["tanh", "sigmoid", "relu"]


def test_percentages_are_rounded_as_the_program_rounds_them(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    opened(finished)
    accuracies = [100 * right / samples for samples in (1600, 400, 300, 7) for right in range(samples + 1)]
    assert browser.run("return arguments[0].map(percent)", accuracies) == [f"{a:.2f}" for a in accuracies]


def test_an_unfinished_sweep_is_shown_as_what_it_is(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][:12] = result_file.PENDING
        stored["status"][12:14] = result_file.DIVERGED
    opened(finished)
    assert browser.find("#counts").text == "24 configurations: 12 pending, 10 done, 2 diverged"
    notes = browser.find("#notes").text
    assert "The sweep is not complete: 12 configurations are pending." in notes
    assert "2 configurations diverged" in notes
    assert "12 of 24 configurations have no dev_accuracy" in browser.find("#importance").text
    crosses = browser.run(
        "return document.getElementById('times').data.filter((t) => t.marker.symbol === 'x-thin-open')"
        ".flatMap((t) => Array.from(t.customdata)).map((row) => columns.config[row])"
    )
    assert sorted(crosses) == [12, 13]
    assert "Configurations that are pending or diverged do not count" in browser.find("#heatmap-note").text
    in_cells = []
    for iterations in ("10", "400"):
        browser.choose_option("#heatmap-iterations", iterations)
        cells = "document.getElementById('heatmap').data"
        in_cells += browser.run(f"return {cells}.flatMap((trace) => trace.customdata.flat())")
        texts = browser.run(f"return {cells}.flatMap((trace) => trace.text.flat())")
        assert set(texts) <= {"", "✓"}
    assert sorted(row for row in in_cells if row is not None) == list(range(14, 24))
    lines = browser.run("return document.getElementById('parallel').data[0].dimensions[0].values.length")
    assert lines == 10


def test_what_is_left_out_is_said_and_the_selection_is_never_left_out(
    browser: Browser, graded: Path, opened: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(details, "MOST_DETAILED", 3)
    monkeypatch.setattr(contents, "MOST_ROWS", 20)
    assets = html._assets

    def with_few_marks(names: Sequence[str]) -> list[str]:
        for constant in ("MOST_POINTS = 4000", "MOST_LINES = 1000"):
            assert sum(constant in text for text in assets(names)) == (names is html.SCRIPTS)
        return [
            re.sub(r"const (MOST_POINTS|MOST_LINES) = \d+", r"const \1 = 8", text) for text in assets(names)
        ]

    monkeypatch.setattr(html, "_assets", with_few_marks)
    opened(graded)
    notes = browser.find("#notes").text
    rule = "the selection, then those with the best dev accuracy."
    assert f"The table contains 20 of 24 configurations: {rule}" in notes
    assert f"Cost curves and boundaries are there for 3 of 24 configurations: {rule}" in notes
    selected = expected_rows(graded, 95, 1, np.inf)
    assert drawn_strongly(browser) == sorted(selected)
    # Of the 20 configurations in the table, one diverged.
    assert browser.find("#times-note").text.endswith("8 of 20 configurations are drawn, the selection first.")
    assert browser.find("#parallel-note").text.endswith(
        "8 of 19 configurations are drawn, the selection first."
    )
    lines = browser.run(
        "return document.getElementById('parallel').data[0].dimensions.find((d) => d.name === 'gap').values"
    )
    with h5py.File(graded) as stored:
        gaps = np.abs(stored["train_accuracy"][:] - stored["dev_accuracy"][:])
    assert len(lines) <= 8
    assert sum(gap in gaps[selected] for gap in lines) >= len(selected)


def test_a_sweep_without_results_says_so(
    browser: Browser, finished: Path, opened: Callable[..., Path]
) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][:] = result_file.PENDING
        stored["cost_count"][:] = 0
    opened(finished)
    assert "No configuration is done." in browser.find("#answers").text
    for figure in ("times", "parallel", "heatmap", "importance", "timeline", "chosen-costs"):
        assert browser.find(f"#{figure} p.empty").text.endswith(".")
    assert browser.configs_in_table() == []
