"""Catmandu (Debian: libcatmandu-marc-perl) as a baseline: two mappings, and the files that it can read.

Its RAW importer, the fastest that it has for ISO 2709, ends at the first byte that is no UTF-8 and leaves out records
whose directory it does not understand. So it is given only files that it reads to their end, and those who compare
themselves with it do the same records.
"""

import gzip
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

READABLE = ("gpo_7542_utf8.mrc.gz", "gpo_nbs_monograph_utf8.mrc", "folio_100.mrc")
SHORT = """marc_map(245abnp,title,-join:' ')
marc_map(245c,responsibility)
marc_map(100abcdq,author.$append)
marc_map(700abcdq,author.$append)
marc_map(650,subject.$append)
marc_map(651,subject.$append)
marc_map(600,subject.$append)
marc_map(260a,place)
marc_map(260b,publisher)
marc_map(260c,date)
marc_map('008/7-10',year)
marc_map('008/35-37',language)
marc_map(020a,isbn.$append)
marc_map(250a,edition)
marc_map(490a,series.$append)
marc_map(520a,abstract)
marc_map(082a,class.$append)
remove_field(record)
"""
"""Seventeen fields, nothing made like."""

LIKE = """marc_map('LDR/6-7',type)
marc_map('245ab',title,-join:' ')
marc_map('245n',volume.$append)
marc_map('245p',part.$append)
marc_map('245c',responsibility)
marc_map('246abnp',variant.$append,-join:' ')
marc_map('130abnp',variant.$append,-join:' ')
marc_map('240abnp',variant.$append,-join:' ')
marc_map('7[34]0abnp',variant.$append,-join:' ')
marc_map('1[01].abcdq',author.$append,-join:' ')
marc_map('7[012].abcdq',author.$append,-join:' ')
marc_map('1[01].e4',role.$append)
marc_map('7[012].e4',role.$append)
marc_map('26[04]a',place,-join:' ')
marc_map('26[04]b',publisher,-join:' ')
marc_map('26[04]c',date,-join:' ')
marc_map('008/7-10',year)
marc_map('008/35-37',language)
marc_map('041a',languages.$append)
marc_map('6[0-5].abcdvxyz',subject.$append,-join:' - ')
marc_map('653a',keyword.$append)
marc_map('0[5689][0-9]a',class.$append)
marc_map('020a',isbn.$append)
marc_map('022a',issn.$append)
marc_map('010a',lccn)
marc_map('024a',number.$append)
marc_map('028a',number.$append)
marc_map('035a',number.$append)
marc_map('088a',number.$append)
marc_map('7[678].tw',related.$append,-join:' ')
marc_map('880abcnp',linked.$append,-join:' ')
marc_map('250ab',edition,-join:' ')
marc_map('300abce',extent,-join:' ')
marc_map('490av',series.$append,-join:' ')
marc_map('830av',series.$append,-join:' ')
marc_map('5..a',note.$append)
marc_map('520ab',abstract,-join:' ')
marc_map('505agrt',contents,-join:' ')
marc_map('856u',link.$append)
marc_map('856yz3',label.$append)
marc_map('852bchij',holding.$append,-join:' ')
marc_map('9[45]2bcop',holding.$append,-join:' ')
remove_field(record)
replace_all(title,'[ /:;,=.]+$','')
replace_all('author.*','[ /:;,=.]+$','')
replace_all('subject.*','[ /:;,=.]+$','')
replace_all(place,'[ /:;,=.]+$','')
replace_all(publisher,'[ /:;,=.]+$','')
replace_all(date,'[^0-9]','')
replace_all('isbn.*','[^0-9Xx].*$','')
replace_all('number.*','[^0-9A-Za-z]','')
copy_field(author,author_key)
downcase('author_key.*')
copy_field(subject,subject_key)
downcase('subject_key.*')
"""
"""The fields of our crosswalk, marks trimmed and two keys made, as far as a table of fixes goes without code."""


class Run(NamedTuple):
    """``seconds`` by the clock, ``processor`` of it, ``peak`` in megabytes, ``done`` lines that came out."""

    seconds: float
    processor: float
    peak: float
    done: int


def find_folder() -> Path:
    """Where the real records lie."""
    shared = os.environ.get("LIENTHU_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")
    return Path(shared) / "data" / "marc"


def is_installed() -> bool:
    return shutil.which("catmandu") is not None


def read_payloads(folder: Path) -> list[bytes]:
    """The distinct records of READABLE, each with its terminator."""
    return [piece + b"\x1d" for content in _read_files(folder) for piece in content.split(b"\x1d") if piece.strip()]


def _read_files(folder: Path) -> Iterator[bytes]:
    for name in READABLE:
        content = (folder / name).read_bytes()
        yield gzip.decompress(content) if name.endswith(".gz") else content


def run_catmandu(fix: str, source: Path) -> Run:
    """From a file of ISO 2709 to lines of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        table, target = Path(folder, "map.fix"), Path(folder, "out.json")
        table.write_text(fix, encoding="utf-8")
        command = ["catmandu", "convert", "MARC", "--type", "RAW", "--fix", str(table)]
        started = perf_counter()
        with source.open("rb") as read, target.open("wb") as write:
            process = subprocess.Popen(
                [*command, "to", "JSON", "--line_delimited", "1"], stdin=read, stdout=write, stderr=subprocess.DEVNULL
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = perf_counter() - started
        with target.open("rb") as written:
            done = sum(1 for _ in written)
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done)
