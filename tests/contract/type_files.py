"""The rules of schemas/types that a schema can't say of itself: names, both languages, bounds, no room for an identity.

Whether the examples are valid is for the hub to say when it loads them. The words that a description quotes are looked
up in the articles; without those (../shared/seeds) that is skipped.

    type_files.py <source folder>
"""
import json
import pathlib
import re
import sys
import unicodedata

KEYS = ["type", "label", "kind", "pre_trial", "sensitive", "subject", "attachments", "reads", "schema", "example", "counterexample"]
MARKS = {"pre_trial", "sensitive"}  # absent is false
SYSTEM = {"acknowledgement", "refusal", "recall", "update", "replacement", "overdue-reminder", "escalation"}
SUBJECT_CHARACTERS_MAX = 500  # hub/registry/limits.hpp
FORMAT_CHARACTERS_MAX = {"date": 10, "date-time": 32, "uuid": 36}
UNBOUNDED = re.compile(r"[*+]|\{\d+,\}")
FROM_OUTSIDE = "QCVN 102:2016/BTTTT"  # the one source of fields that is no article


def walk(schema, at="/schema"):
    """Every schema in a schema, itself first, with its pointer."""
    yield at, schema
    for name, member in schema.get("properties", {}).items():
        yield from walk(member, f"{at}/properties/{name}")
    if "items" in schema:
        yield from walk(schema["items"], at + "/items")


def is_described(at, schema):
    """A list says of its plain items what they are; items that are objects say it themselves."""
    return not at.endswith("/items") or schema.get("type") == "object"


def halves(text):
    parts = text.split(" / ")
    return parts if len(parts) == 2 and all(p.strip() == p and p for p in parts) else None


def text_problems(schema):
    if halves(schema.get("title", "")) is None:
        yield 'its title is not "Tiếng Việt / English"'
    both = halves(schema.get("description", ""))
    if both is None:
        yield 'its description is not "Tiếng Việt. / English."'
        return
    vi, en = both
    if not vi.endswith(".") or not en.endswith("."):
        yield "a half of its description does not end with a full stop"
    inferred = "suy luận" in vi.lower(), "inferred" in en.lower()
    if inferred[0] != inferred[1]:
        yield 'one half of its description says "suy luận" or "inferred", the other does not'
    quoted = "“" in vi, "“" in en
    if quoted[0] != quoted[1]:
        yield "one half of its description quotes the article, the other does not"
    if not any(inferred) and not any(quoted) and not (FROM_OUTSIDE in vi and FROM_OUTSIDE in en):
        yield "its description neither quotes the article nor says that it is inferred"


def bound_problems(schema):
    kind = schema.get("type")
    if kind is None and "enum" not in schema:
        yield "it has no type"
    if kind == "object":
        if schema.get("additionalProperties") is not False:
            yield "it does not state additionalProperties: false"
        if missing := set(schema.get("required", [])) - set(schema.get("properties", {})):
            yield f"it requires fields that it does not have: {', '.join(sorted(missing))}"
    if kind == "array" and not ("maxItems" in schema and "items" in schema):
        yield "it has no maxItems or no items"
    if kind == "integer" and not ("minimum" in schema and "maximum" in schema):
        yield "it has no minimum or no maximum"
    pattern = schema.get("pattern")
    if pattern and not (pattern.startswith("^") and pattern.endswith("$")):
        yield "its pattern is not anchored at both ends"
    if kind == "string" and not {"format", "enum"} & schema.keys():
        if schema.get("minLength", 0) < 1 or "maxLength" not in schema:
            if not pattern or UNBOUNDED.search(pattern):
                yield "it has no minLength of at least 1, or no maxLength"


def subject_problems(value):
    """What the subject is made of: required scalars that always fit into one."""
    schema, made_of = value["schema"], value["subject"]["made_of"]
    longest = len(re.sub(r"\{\w+\}", "", made_of))
    if re.search(r"[{}]", re.sub(r"\{\w+\}", "", made_of)):
        yield "it has a brace that names no field"
    for name in re.findall(r"\{(\w+)\}", made_of):
        field = schema["properties"].get(name)
        if field is None or name not in schema["required"]:
            yield f"{{{name}}} is not a required field"
        elif field.get("type") == "string" and "enum" not in field:
            longest += FORMAT_CHARACTERS_MAX.get(field.get("format"), field.get("maxLength", 64))
        elif field.get("type") == "integer":
            longest += len(str(field["maximum"]))
        else:
            yield f"{{{name}}} is neither text, number nor date"
    if longest > SUBJECT_CHARACTERS_MAX:
        yield f"it can have {longest} characters, at most {SUBJECT_CHARACTERS_MAX}"


def reads_problem(value, pointer):
    names = pointer.split("/")
    schema = {"properties": {"data": value["schema"]}}
    if names[0] != "":
        return "a pointer starts with /"
    for name in names[1:]:
        schema = schema.get("properties", {}).get(name)
        if schema is None:
            return f"there is no field {name}"
    return None


def speaks_of_petitions(value):
    """System messages answer petitions too: what rides in them would ride past the petition types."""
    return value["type"].startswith("petition-") or value["kind"] == "system"


def identity_problems(value):
    if value["subject"]["fixed"] is not True:
        yield "/subject/fixed", "a free subject has room for an identity"
    if value["attachments"] != {"policy": "none"}:
        yield "/attachments", "an attachment has room for an identity"
    for at, schema in walk(value["schema"]):
        if schema.get("type") == "string" and not {"format", "enum", "pattern"} & schema.keys():
            yield at, "free text has room for an identity"


def shape_problems(name, value):
    if list(value) != [key for key in KEYS if key not in MARKS or key in value]:
        yield "", f"its keys are not {', '.join(KEYS)}, in this order"
        return
    if name != value["type"].replace("/", ".") + ".json":
        yield "/type", "differs from the file's name"
    if value["kind"] != ("system" if value["type"].split("/")[0] in SYSTEM else "notice"):
        yield "/kind", "is not that of this type"
    policy = value["attachments"].get("policy")
    if {"none": {"policy"}, "permitted": {"policy", "count_max", "bytes_max"}}.get(policy) != value["attachments"].keys():
        yield "/attachments", "is neither none, nor permitted with count_max and bytes_max"
    schema, label = value["schema"], value["label"]
    if schema.get("$id") != "urn:coordination-hub:type:" + value["type"]:
        yield "/schema/$id", "is not that of this type"
    if schema.get("title") != f"{label['vi']} / {label['en']}":
        yield "/schema/title", "differs from the label"


def problems_of(name, value):
    shape = list(shape_problems(name, value))
    yield from shape
    if any(at == "" for at, _ in shape):
        return
    for at, schema in walk(value["schema"]):
        yield from ((at, why) for why in bound_problems(schema))
        if is_described(at, schema):
            yield from ((at, why) for why in text_problems(schema))
    yield from (("/subject/made_of", why) for why in subject_problems(value))
    for what in ("routing", "duties", "case"):
        for number, pointer in enumerate(value["reads"].get(what, [])):
            if why := reads_problem(value, pointer):
                yield f"/reads/{what}/{number}", f"{pointer}: {why}"
    if speaks_of_petitions(value):
        yield from identity_problems(value)


def quote_problems(value, articles):
    """Words that a description gives in Vietnamese as the article's, and that no article has."""
    for at, schema in walk(value["schema"]):
        vietnamese = schema.get("description", "").split(" / ")[0]
        for words in re.findall("“([^”]*)”", vietnamese):
            if words not in articles:
                yield at, f"no article has the words “{words}”"


def read_articles(folder):
    files = sorted(folder.glob("*.txt"))
    return "\n".join(file.read_text() for file in files) if files else None


def main():
    root = pathlib.Path(sys.argv[1])
    articles = read_articles(root / "../shared/seeds")
    files = sorted((root / "schemas/types").glob("*.json"))
    problems = []
    for file in files:
        text = file.read_text()
        value = json.loads(text)
        found = list(problems_of(file.name, value))
        if unicodedata.normalize("NFC", text) != text:
            found.append(("", "is not in NFC"))
        if articles is not None:
            found += quote_problems(value, articles)
        problems += [f"{file.relative_to(root).as_posix()}{at and ' ' + at}: {why}" for at, why in found]
    print("\n".join(problems))
    if articles is None:
        print("skipped: the words quoted from articles (../shared/seeds is not there)")
    print(f"{len(files)} types, {len(problems)} problems")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
