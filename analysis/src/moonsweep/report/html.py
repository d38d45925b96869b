"""The page of the report: template, style, scripts and libraries in one text."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

#: The scripts of the page in their order; each uses what those before it define.
SCRIPTS: Final = (
    *("data.js", "format.js", "network.js", "brushes.js", "selection.js", "theme.js", "figure.js"),
    *("figure_times.js", "figure_parallel.js", "figure_heatmap.js", "figure_importance.js"),
    *("figure_timeline.js", "figure_costs.js", "figure_boundary.js", "chosen.js", "table.js", "main.js"),
)

#: What the scripts of the page do not do: request anything, or run what is not part of the page. plotly.js
#: compiles the programs of its parallel coordinates at run time, hence 'unsafe-eval'.
POLICY: Final = (
    "default-src 'none'; img-src data: blob:; font-src data:; style-src 'unsafe-inline';"
    " script-src 'unsafe-eval' {hashes}; base-uri 'none'; form-action 'none'"
)


def page_of(contents: dict[str, Any]) -> str:
    """The text of the page that shows the contents."""
    scripts = {"plotly": get_plotlyjs(), "tables": _tables_script(), "page": "\n".join(_assets(SCRIPTS))}
    tables_style = _library("itables", "itables/html/dt_bundle.css")
    environment = Environment(
        loader=PackageLoader("moonsweep.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["duration"] = _duration
    return environment.get_template("page.html").render(
        contents=contents,
        data=_embedded(contents),
        policy=POLICY.format(hashes=" ".join(_hash(_inline(script)) for script in scripts.values())),
        scripts={name: Markup(_inline(script)) for name, script in scripts.items()},
        styles=[Markup(style) for style in (tables_style, *_assets(["page.css", "print.css"]))],
    )


def _duration(seconds: float | None) -> str:
    """A duration in hours, minutes and seconds; nothing if it is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60} min"


def _embedded(contents: dict[str, Any]) -> Markup:
    """The contents as JSON that can be part of HTML: no text in it ends the element that it is in."""
    text = json.dumps(contents, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _inline(script: str) -> str:
    """A script as the text of an element, which no string in it ends."""
    return f"\n{script}\n".replace("</script", "<\\/script").replace("<!--", "\\x3c!--").replace("\r\n", "\n")


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _tables_script() -> str:
    """DataTables, as a module that exports nothing, but makes its parts known to the other scripts."""
    script = _library("itables", "itables/html/dt_bundle.js")
    exports = re.search(r"\bexport\{([^{}]*)\}", script)
    if exports is None:
        message = "itables: dt_bundle.js exports nothing; another version of itables is needed"
        raise RuntimeError(message)
    pairs = [part.split(" as ") for part in exports[1].split(",")]
    known = ",".join(f"{pair[-1].strip()}:{pair[0].strip()}" for pair in pairs)
    return f"{script[: exports.start()]}window.tables={{{known}}}{script[exports.end() :]}"


def _library(package: str, path: str) -> str:
    """A file of an installed package, which is not imported."""
    return Path(str(metadata.distribution(package).locate_file(path))).read_text(encoding="utf-8")


def _assets(names: Iterator[str] | tuple[str, ...] | list[str]) -> list[str]:
    folder = resources.files("moonsweep.report") / "page"
    return [(folder / name).read_text(encoding="utf-8") for name in names]
