"""The commands that the documents tell people to type.

    for command in of_document(SOURCE / "README.md"):
        command.text                    "build-local/moonsweep verify moons420.h5 --retrain 20"

In Markdown, commands are the lines of indented blocks, and of fenced blocks without a language or with a shell as the
language, without comments. If lines of a block begin with "$ ", only those are commands, and the others are output. A
code span in a paragraph is a command if it begins with the name of a program (PROGRAMS, or a path) and has arguments.
In the manual page the commands are its examples, in a --help text the lines after "Examples:" or "Example:".
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parents[2]

DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs",
    "slurm/README.md",
    "analysis/README.md",
    "tests/reference/README.md",
]
HELPS = ["", "run", "show", "status", "stop", "verify", "predict", "data", "plan", "best", "kernels"]

# In a paragraph, these words begin a command if arguments follow. Paths are recognised without being listed.
PROGRAMS = {
    "cp", "docker", "git", "kill", "make", "man", "meson", "moonsweep", "mpirun", "ninja", "pip", "python", "python3",
    "rsync", "salloc", "sbatch", "scancel", "srun", "ulimit",
}  # fmt: skip
SHELLS = {"", "sh", "bash", "shell", "console"}

COMMENT = re.compile(r"(^|\s+)# .*")
VARIABLES = r"(?:\w+=(?:\"[^\"]*\"|\S*)\s+)*"
PATH = re.compile(VARIABLES + r"(?:jobs|tools|tests|build[\w-]*|analysis|slurm)/\S+\s+\S")


class Command(NamedTuple):
    document: str
    line: int
    text: str

    def __str__(self):
        return f"{self.document}:{self.line}"


class Block(NamedTuple):
    """Lines of code in a document; `language` is None for an indented block."""

    document: str
    line: int
    language: str | None
    lines: list


def blocks_and_paragraphs(document, text):
    """The code blocks of a Markdown text, and the rest of it, with empty lines in place of the blocks."""
    blocks, rest, block = [], [], None
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.match(r"\s*```(\w*)", line)
        if block is not None and block.language is not None:  # inside a fence
            if fence:
                block = None
            else:
                block.lines.append(line)
        elif fence:
            block = Block(document, number + 1, fence[1], [])
            blocks.append(block)
        elif line.startswith("    ") and (block or not rest or not rest[-1].strip()):
            if block is None:
                block = Block(document, number, None, [])
                blocks.append(block)
            block.lines.append(line[4:])
        else:
            block = None
            rest.append(line)
            continue
        rest.append("")
    return blocks, rest


def commands_of_block(block):
    """The commands of a block."""
    with_prompt = any(line.startswith("$ ") for line in block.lines)
    start, text = block.line, ""
    for number, line in enumerate(block.lines, block.line):
        if not text:
            start = number
            if with_prompt and not line.startswith("$ "):
                continue
        text += COMMENT.sub("", line.removeprefix("$ ")).strip()
        if text.endswith("\\"):
            text = text[:-1]
        elif text:
            yield Command(block.document, start, text)
            text = ""


def commands_of_paragraphs(document, lines):
    """The commands among the code spans outside blocks."""
    text = "\n".join(lines)
    for span in re.finditer(r"(?<!`)`([^`]+)`(?!`)", text):
        words = " ".join(span[1].split())
        first = re.sub(VARIABLES, "", words, count=1).partition(" ")
        if (first[0] in PROGRAMS and first[2]) or PATH.match(words):
            yield Command(document, text.count("\n", 0, span.start()) + 1, words)


def markdown_files():
    for name in DOCUMENTS:
        yield from sorted((SOURCE / name).glob("*.md")) if (SOURCE / name).is_dir() else [SOURCE / name]


def blocks_of_markdown():
    """Every block of the documents that may contain commands."""
    for path in markdown_files():
        found, _ = blocks_and_paragraphs(str(path.relative_to(SOURCE)), path.read_text())
        yield from (block for block in found if block.language is None or block.language in SHELLS)


def in_paragraphs():
    for path in markdown_files():
        name = str(path.relative_to(SOURCE))
        yield from commands_of_paragraphs(name, blocks_and_paragraphs(name, path.read_text())[1])


def in_manual_page():
    page = "docs/moonsweep.1"
    for number, line in enumerate((SOURCE / page).read_text().splitlines(), 1):
        if line.startswith(".Dl "):
            yield Command(page, number, line.removeprefix(".Dl "))


def in_help(program, subcommand):
    """The examples of a help text. A line that ends with a colon explains the next one."""
    words = [*subcommand.split(), "--help"]
    output = subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout
    _, examples = re.split(r"^Examples?:\n", output, flags=re.MULTILINE)
    for number, line in enumerate(examples.splitlines(), 1):
        if not line.strip():
            break
        if not line.endswith(":"):
            yield Command(f"moonsweep {' '.join(words)}", number, line.strip())
