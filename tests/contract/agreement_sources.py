"""Holds the agreements against the articles that they come from.

The `words` of each clause stand verbatim in the agreement's source text; each paragraph of a source text stands
verbatim in its article and is quoted by a clause; every party of an agreement is described in deploy/parties. Files are
read by line: what is looked for stands on one line each. Without the articles (../shared/seeds) the paragraphs are not
compared with them.

    agreement_sources.py <source folder>
"""
import pathlib
import re
import sys

ARTICLE = re.compile(r'^  article: "([0-9]{3})"')
TEXT = re.compile(r"^  text: (\S+)")
KEY = re.compile(r"^([a-z_]+):")
CLAUSE = re.compile(r"^  - id: (\S+)$")
WORDS = re.compile(r'^    words: "([^"\\]+)"$')
NAMED = re.compile(r"^  ([a-z0-9-]+): +(\S+)")
PARTY = re.compile(r"^- id: (\S+)$")


class Agreement:
    """What one file says, by line."""

    def __init__(self, path):
        self.path = path
        self.article = self.text = None
        self.clauses = []  # id, line, words
        self.parties = []  # id, line
        key = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if found := KEY.match(line):
                key = found[1]
            elif key == "source":
                self.article = found[1] if (found := ARTICLE.match(line)) else self.article
                self.text = path.parent / found[1] if (found := TEXT.match(line)) else self.text
            elif key in ("parties", "addressees"):
                if found := NAMED.match(line):
                    self.parties.append((found[2], number))
            elif key == "clauses":
                if found := CLAUSE.match(line):
                    self.clauses.append([found[1], number, None])
                elif found := WORDS.match(line):
                    self.clauses[-1][2] = found[1]


def problems_of_clauses(agreement, paragraphs):
    for clause, line, words in agreement.clauses:
        if words is None:
            yield line, f"clause {clause}: no words on a line of their own, in double quotes"
        elif not any(words in paragraph for paragraph in paragraphs):
            yield line, f"clause {clause}: its words are not in {agreement.text.name}: quote one passage of it"
    for number, paragraph in enumerate(paragraphs, 1):
        if not any(words and words in paragraph for _, _, words in agreement.clauses):
            yield 1, f"paragraph {number} of {agreement.text.name} is quoted by no clause: leave it out"


def problems_of_text(agreement, paragraphs, seeds):
    articles = sorted(seeds.glob(f"{agreement.article}_*.txt"))
    if len(articles) != 1:
        yield 1, f"one file {agreement.article}_*.txt was expected among the articles, there are {len(articles)}"
        return
    article = articles[0].read_text()
    for number, paragraph in enumerate(paragraphs, 1):
        if paragraph not in article:
            yield 1, f"paragraph {number} of {agreement.text.name} is not in its article: copy it as it stands there"


def problems_of(agreement, known_parties, seeds):
    """(line, what is wrong and what to do), one after the other."""
    if agreement.article is None or agreement.text is None or not agreement.text.is_file():
        yield 1, 'its source needs an article, as "003", and a text that is there'
        return
    if not agreement.clauses or not agreement.parties:
        yield 1, "no clauses or no parties were found: keep to the layout of the other agreements"
        return
    paragraphs = agreement.text.read_text().splitlines()
    yield from problems_of_clauses(agreement, paragraphs)
    if seeds.is_dir():
        yield from problems_of_text(agreement, paragraphs, seeds)
    for party, line in agreement.parties:
        if party not in known_parties:
            yield line, f"{party} is not described in deploy/parties"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    seeds = root.parent / "shared" / "seeds"
    parties = [PARTY.match(line) for path in sorted((root / "deploy/parties").glob("*.yaml"))
               for line in path.read_text().splitlines()]
    known = {found[1] for found in parties if found}
    agreements = [Agreement(path) for path in sorted((root / "deploy/agreements").glob("*.yaml"))]
    problems = [f"{agreement.path.relative_to(root)}:{line}: {problem}"
                for agreement in agreements for line, problem in problems_of(agreement, known, seeds)]
    print("\n".join(problems))
    if not seeds.is_dir():
        print("the articles are not there: paragraphs were not compared with them")
    clauses = sum(len(agreement.clauses) for agreement in agreements)
    print(f"{len(agreements)} agreements, {clauses} clauses, {len(known)} parties, {len(problems)} problems")
    return 1 if problems or not agreements else 0


if __name__ == "__main__":
    sys.exit(main())
