"""The figures of a report counted anew: by SQL of its own over the ledger's file, and from `journal dump --json`.

A key of a line is (agreement, clause, sender, recipient); what there is none of is ''."""

import math
from collections import Counter, defaultdict

import ledger_check

ARRIVALS = "('delivered', 'registered', 'assigned', 'processing', 'finished', 'refused')"
ANSWERS = "('finished', 'refused')"
FIRST = """(SELECT min(e.time) FROM delivery_events e
            WHERE e.position = d.position AND e.idx = o.idx AND e.effective = 1 AND e.status IN {})"""
SENDINGS = f"""
  SELECT ifnull(o.agreement, ''), ifnull(o.clause, ''), d.sender, ifnull(o.actual, ''), ifnull(o.outcome, d.refusal),
         d.position, d.time, {FIRST.format(ARRIVALS)}, {FIRST.format(ANSWERS)},
         (SELECT count(*) FROM deliveries l WHERE l.position = d.position AND l.idx = o.idx AND l.replay > 0)
  FROM documents d LEFT JOIN outcomes o ON o.position = d.position
  WHERE ifnull(o.outcome, d.refusal) <> 'accepted-before' AND d.time >= ? AND d.time < ?
    AND (? IS NULL OR ifnull(o.agreement, '') = ?) AND (? IS NULL OR ? IN (d.sender, o.addressed, o.actual))"""
FOREVER = 2**62


def percentile(micros, percent):
    return sorted(micros)[math.ceil(len(micros) * percent / 100) - 1] / 1e6


def times(micros):
    return {"p50": percentile(micros, 50), "p95": percentile(micros, 95)} if micros else None


def by_sql(ledger, begin=0, end=FOREVER, agreement=None, party=None):
    """{key: figures}; times in seconds."""
    readings = defaultdict(set)
    for position, document in ledger_check.rows(ledger, "SELECT position, document FROM body_readings"):
        readings[document].add(position)
    lines = defaultdict(list)
    for *key, outcome, position, sent, delivered, answered, replays in ledger_check.rows(
            ledger, SENDINGS, begin, end, agreement, agreement, party, party):
        lines[tuple(key)].append((outcome, position, sent, delivered, answered, replays))
    out = {}
    for key, rows in lines.items():
        out[key] = {
            "sent": len(rows),
            "accepted": sum(row[0] == "accepted" for row in rows),
            "refused": dict(Counter(row[0] for row in rows if row[0] != "accepted")),
            "delivered": sum(row[3] is not None for row in rows),
            "answered": sum(row[4] is not None for row in rows),
            "replays": sum(row[5] for row in rows),
            "readings": len(set().union(*(readings[row[1]] for row in rows))),
            "to_deliver": times([row[3] - row[2] for row in rows if row[3] is not None]),
            "to_answer": times([row[4] - row[3] for row in rows if row[4] is not None]),
        }
    return out


def by_report(report):
    """The same of a report's JSON."""
    names = ("agreement", "clause", "sender", "recipient")
    out = {}
    for line in report["lines"]:
        figures = {name: line[name] for name in ("sent", "accepted", "refused", "delivered", "answered", "replays", "readings")}
        for name in ("to_deliver", "to_answer"):
            figures[name] = {p: one["seconds"] for p, one in line[name].items()} if name in line else None
        out[tuple(line.get(name, "") for name in names)] = figures
    return out


def by_dump(records):
    """What the journal itself says: {key: (sent, accepted, refused by code)}, replays and readings in all."""
    lines = defaultdict(lambda: [0, 0, Counter()])
    for record in records:
        if not record["kind"].startswith("document-"):
            continue
        fields = record["fields"]
        nobody = {"outcome": fields.get("refusal"), "agreement": "", "clause": "", "actual": ""}
        for row in fields["outcomes"] or [nobody]:
            if row["outcome"] == "accepted-before":
                continue
            line = lines[(row["agreement"], row["clause"], fields["sender"], row["actual"])]
            line[0] += 1
            if row["outcome"] == "accepted":
                line[1] += 1
            else:
                line[2][row["outcome"]] += 1
    kinds = Counter(record["kind"] for record in records)
    return {key: (sent, accepted, dict(refused)) for key, (sent, accepted, refused) in lines.items()}, kinds


UNNEEDED = """
  SELECT o.agreement, o.clause, d.sender, o.actual, u.field, d.position
  FROM unneeded_fields u, outcomes o, documents d
  WHERE o.position = u.position AND o.idx = u.idx AND d.position = u.position AND (d.sender = ? OR o.actual = ?)"""


def unneeded_by_sql(ledger, party):
    """{(agreement, clause, sender, recipient, field): positions of the documents} of what a party sent or got."""
    out = defaultdict(set)
    for *key, position in ledger_check.rows(ledger, UNNEEDED, party, party):
        out[tuple(key)].add(position)
    return dict(out)


def unneeded_by_dump(records, party):
    """The same of the journal's own records."""
    out = defaultdict(set)
    for record in records:
        fields = record["fields"]
        for field, indexes in fields.get("unneeded", []):
            for row in (fields["outcomes"][index] for index in indexes):
                if party in (fields["sender"], row["actual"]):
                    out[(row["agreement"], row["clause"], fields["sender"], row["actual"], field)].add(record["position"])
    return dict(out)
