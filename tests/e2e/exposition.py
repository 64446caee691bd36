"""The text format of Prometheus, read strictly: https://prometheus.io/docs/instrumenting/exposition_formats/"""

import math
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (\S+)")
SUFFIXES = {"counter": {""}, "gauge": {""}, "histogram": {"_bucket", "_sum", "_count"}}


class FormatError(Exception):
    """The text is not in the format; the message names the line."""


def _check_histogram(name, samples):
    """Buckets ascend to +Inf, which is the count."""
    series = {}
    for (sample, labels), value in samples.items():
        rest = tuple(label for label in labels if label[0] != "le")
        entry = series.setdefault(rest, {"buckets": []})
        if sample.endswith("_bucket"):
            entry["buckets"].append((float(dict(labels)["le"]), value))
        else:
            entry[sample.removeprefix(name)] = value
    for rest, entry in series.items():
        bounds, counts = zip(*entry["buckets"])
        if list(bounds) != sorted(set(bounds)) or list(counts) != sorted(counts):
            raise FormatError(f"{name}{rest}: its buckets do not ascend")
        if bounds[-1] != math.inf or counts[-1] != entry["_count"] or entry["_sum"] < 0:
            raise FormatError(f"{name}{rest}: its count is not that of its last bucket")


def read(text):
    """{(sample's name, sorted labels): value}. Every family has its help, its type and samples, all of them together."""
    if not text.endswith("\n"):
        raise FormatError("the last line has no end")
    families, everything, family, kind, samples = set(), {}, None, None, {}

    def finish():
        if family is None:
            return
        if not samples:
            raise FormatError(f"{family} has no sample")
        if kind == "histogram":
            _check_histogram(family, samples)
        everything.update(samples)

    for line in text.splitlines():
        if line.startswith("# HELP "):
            finish()
            family, kind, samples = line.split(" ", 3)[2], None, {}
            if family in families or len(line.split(" ", 3)) < 4:
                raise FormatError(f"{line}: comes again, or says nothing")
            families.add(family)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            if name != family or samples or kind not in SUFFIXES:
                raise FormatError(f"{line}: is not where it belongs")
            if (kind == "counter") != family.endswith("_total"):
                raise FormatError(f"{family}: a counter's name ends in _total, and no other's")
        else:
            found = SAMPLE.fullmatch(line)
            if not found or kind is None or found[1] not in {family + suffix for suffix in SUFFIXES[kind]}:
                raise FormatError(f"{line}: is no sample of {family}")
            key = found[1], tuple(sorted(re.findall(LABEL, found[2] or "")))
            value = float(found[found.re.groups])
            if key in samples or (kind != "gauge" and not value >= 0):
                raise FormatError(f"{line}: comes again, or is below 0")
            samples[key] = value
    finish()
    return everything
