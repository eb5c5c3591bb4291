"""A report as one HTML page that needs nothing from outside, and as Markdown for a forge."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .tables import Table

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; color: #222; margin: 0;
  background: #fff; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 28px 80px; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 44px 0 8px; padding-top: 8px; border-top: 1px solid #ddd; }
p { max-width: 78ch; margin: 8px 0; }
nav { font-size: 13px; margin: 14px 0 0; }
nav a { margin-right: 14px; color: #1f6fb4; text-decoration: none; }
.lead { color: #555; margin-top: 0; }
.verdicts { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin: 20px 0; }
.verdicts > div { border-radius: 6px; padding: 12px 18px; }
.verdicts h3 { margin: 0 0 6px; font-size: 15px; }
.verdicts ul { margin: 0; padding-left: 18px; }
.losing { background: #fdecea; border-left: 5px solid #c0392b; }
.winning { background: #e9f5ee; border-left: 5px solid #2a8a55; }
.wide { overflow-x: auto; margin: 10px 0; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid #eee; }
th { background: #f5f5f5; font-weight: 600; vertical-align: bottom; white-space: normal; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: #fff; }
th:first-child { background: #f5f5f5; }
td.text { text-align: left; white-space: normal; min-width: 16em; }
td.win, td:first-child.win { background: #e3f3e9; }
td.win.strong { background: #b5dfc5; }
td.loss, td:first-child.loss { background: #fbe3e0; }
td.loss.strong { background: #f3b5ad; }
td.best { font-weight: 700; background: #fff5cf; }
td.worse { color: #9a9a9a; }
td.ours { font-weight: 700; color: #c8102e; }
img { max-width: 100%; height: auto; display: block; margin: 10px 0; }
details { margin: 10px 0; }
summary { cursor: pointer; color: #1f6fb4; }
pre { background: #f6f6f6; padding: 10px 14px; overflow-x: auto; font-size: 12.5px; }
.key span { padding: 1px 8px; border-radius: 3px; margin-right: 8px; font-size: 13px; }
@media (max-width: 800px) { .verdicts { grid-template-columns: 1fr; } }
"""


@dataclass
class Text:
    paragraphs: Sequence[str]


@dataclass
class Verdicts:
    """The headline: where ours loses stands first."""

    losing: Sequence[str]
    winning: Sequence[str]


@dataclass
class Picture:
    path: Path
    description: str


@dataclass
class Code:
    text: str


@dataclass
class Shown:
    """A table; folded when it is for looking things up."""

    table: Table
    folded: str = ""  # what stands there until it is opened
    brief: bool = True  # also in the Markdown


Part = "Text | Verdicts | Picture | Code | Shown"


@dataclass
class Section:
    title: str
    parts: Sequence[Text | Verdicts | Picture | Code | Shown]

    @property
    def anchor(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.title.lower())


def to_html(title: str, lead: str, sections: Sequence[Section]) -> str:
    links = "".join(f'<a href="#{s.anchor}">{html.escape(s.title)}</a>' for s in sections)
    body = "".join(
        f'<h2 id="{s.anchor}">{html.escape(s.title)}</h2>\n' + "".join(map(_html, s.parts))
        for s in sections
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>"
        f'<h1>{html.escape(title)}</h1><p class="lead">{html.escape(lead)}</p>'
        f"<nav>{links}</nav>\n{body}</main></body></html>\n"
    )


def _html(part: Text | Verdicts | Picture | Code | Shown) -> str:
    if isinstance(part, Text):
        return "".join(f"<p>{html.escape(text)}</p>\n" for text in part.paragraphs)
    if isinstance(part, Code):
        return f"<pre>{html.escape(part.text)}</pre>\n"
    if isinstance(part, Picture):
        data = base64.b64encode(part.path.read_bytes()).decode("ascii")
        return f'<img alt="{html.escape(part.description)}" src="data:image/png;base64,{data}">\n'
    if isinstance(part, Verdicts):
        return (
            '<div class="verdicts">'
            f'<div class="losing"><h3>Where it loses</h3>{_list(part.losing)}</div>'
            f'<div class="winning"><h3>Where it wins</h3>{_list(part.winning)}</div></div>\n'
        )
    table = _html_table(part.table)
    if part.folded:
        return f"<details><summary>{html.escape(part.folded)}</summary>{table}</details>\n"
    return table


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in items) + "</ul>"


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in table.columns)
    rows = []
    for row in table.rows:
        cells = []
        for entry in row:
            kind = f"{entry.mark} {'text' if len(entry.text) > 36 else ''}".strip()
            cells.append(f'<td class="{kind}">' if kind else "<td>")
            cells.append(f"{html.escape(entry.text)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    body = "\n".join(rows)
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>'
        "</div>\n"
    )


_MARKS = {"win": "✓", "loss": "✗", "best": "**", "ours": "**"}


def to_markdown(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The headline tables; ✓ and ✗ stand for the colours of the page."""
    lines = [f"# {title}", "", lead, ""]
    for section in sections:
        parts = [_markdown(part) for part in section.parts]
        if any(parts):
            lines += [f"## {section.title}", "", *(line for part in parts for line in part)]
    return "\n".join(lines)


def _markdown(part: Text | Verdicts | Picture | Code | Shown) -> list[str]:
    if isinstance(part, Text):
        return [line for text in part.paragraphs for line in (text, "")]
    if isinstance(part, Code):
        return ["```", part.text, "```", ""]
    if isinstance(part, Picture):
        return [f"![{part.description}]({part.path.name})", ""]
    if isinstance(part, Verdicts):
        losing = ["Where it loses:", "", *(f"- {text}" for text in part.losing), ""]
        return [*losing, "Where it wins:", "", *(f"- {text}" for text in part.winning), ""]
    if not part.brief:
        return []
    rows = [[_marked(entry.text, entry.mark) for entry in row] for row in part.table.rows]
    every = [part.table.columns, ["---"] * len(part.table.columns), *rows]
    return [
        *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in every),
        "",
    ]


def _marked(text: str, mark: str) -> str:
    sign = _MARKS.get(mark.partition(" ")[0], "")
    if sign == "**":
        return f"**{text}**" if text else text
    return f"{text} {sign}" if sign else text
