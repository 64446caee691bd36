#include "hub/agreements/checker.hpp"

#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;

namespace {

const std::string kCheckedHead =
    "agreement: x/y\n"
    "version: 1\n"
    "basis: signed\n"
    "title: {vi: Quy chế, en: Rules}\n"
    "source: {text: sources/x.txt}\n"
    "in_force: {from: 2024-01-01, until: ~}\n"
    "parties: {toa-an: toa-an.huyen, btg: btg.huyen, bao: bao.huyen}\n"
    "groups: {all: [btg, bao]}\n"
    "contact: {btg: Văn phòng}\n"
    "clauses:\n";
const std::string kPermit =
    "  - id: truoc-xet-xu\n"
    "    words: \"trước và sau khi xét xử các vụ án tham những\"\n"
    "    reading: explicit\n"
    "    permit: {type: pre-trial-notice, from: toa-an, to: btg}\n";

struct Bench {
  Folder folder;
  Bench() {
    deploy(folder);
    folder.write("parties/bao.yaml", "- {id: bao.huyen, name: {vi: Báo, en: Paper}, level: district, kind: press}\n");
    folder.write("agreements/sources/x.txt", "Cung cấp thông tin trước và sau khi xét xử các vụ án tham những, những vụ khác.\nĐoạn sau.\n");
  }
  std::vector<Finding> check(const std::string& text) {
    folder.write("agreements/x.yaml", text);
    const auto items = load_registry(folder.path());
    if (!items) FAIL(refusal_of(items.error()));
    const auto context = check_context(*items);
    REQUIRE(context);
    const auto found = check_agreement_file(folder.path() / "agreements/x.yaml", *context);
    REQUIRE(found);
    return *found;
  }
  // line:column clause: what, of each mistake
  std::vector<std::string> mistakes(const std::string& text) {
    std::vector<std::string> out;
    for (const Finding& f : check(text))
      if (f.mistake) out.push_back(std::to_string(f.mark.line) + ":" + std::to_string(f.mark.column) + " " + f.clause + ": " + f.what);
    return out;
  }
};

using List = std::vector<std::string>;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  REQUIRE(text.find(what) != std::string::npos);
  return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("an agreement whose parties have endpoints has no mistakes when every word stands in its source") {
  Bench bench;
  const std::string good = replaced(replaced(kCheckedHead, ", bao: bao.huyen", ""), "[btg, bao]", "[btg]");
  CHECK(bench.mistakes(good + kPermit).empty());
}

TEST_CASE("a party without an endpoint is a mistake once keys are there") {
  Bench bench;
  CHECK(bench.mistakes(kCheckedHead + kPermit) == List{"7:54 : party bao.huyen has no endpoint"});
}

TEST_CASE("words that are not in the source are told with the point where they part") {
  Bench bench;
  for (const Finding& f : bench.check(kCheckedHead + replaced(kPermit, "tham những", "tham nhũng"))) {
    if (f.path != "/clauses/0/words") continue;
    CHECK(f.mark.line == 12);
    CHECK(f.detail.find("các vụ án tham nh\"") != std::string::npos);
    return;
  }
  FAIL("nothing was said of the words");
}

TEST_CASE("what is quoted of the words ends between characters") {
  Bench bench;
  for (std::size_t length = 1; length < 90; ++length) {
    const std::string words = "Cung cấp thông tin trước và sau khi xét xử các vụ án tham những, những vụ khác." + std::string(length, 'x');
    for (const Finding& f : bench.check(kCheckedHead + replaced(kPermit, "trước và sau khi xét xử các vụ án tham những",
                                                                words.substr(length % 30 == 0 ? 5 : 0))))
      CHECK(nlohmann::json(f.detail).dump().size() > 1);  // dump refuses broken UTF-8
  }
}

TEST_CASE("an agreement that names no source is told that its words were not compared") {
  Bench bench;
  const auto findings = bench.check(replaced(kCheckedHead, "{text: sources/x.txt}", "{article: '003'}") + kPermit);
  CHECK(std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return !f.mistake && f.path == "/source"; }));
}

TEST_CASE("guards that never or always hold are mistakes, with what the type has or an example") {
  Bench bench;
  const std::string never = kPermit + "    when: {properties: {data: {properties: {criteria: {minItems: 4}}, required: [criteria]}}}\n";
  CHECK(bench.mistakes(kCheckedHead + never).back() == "15:11 truoc-xet-xu: the guard can never hold");
  const auto findings =
      bench.check(kCheckedHead + kPermit + "    when: {properties: {data: {required: [criteria]}}}\n");
  CHECK(findings.back().what == "the guard always holds, so that it says nothing");
  CHECK(findings.back().detail.find("\"criteria\":[") != std::string::npos);
}

TEST_CASE("pre-trial information that a group would bring to the press is a mistake") {
  Bench bench;
  const auto found = bench.mistakes(kCheckedHead + replaced(kPermit, "to: btg", "to: all"));
  CHECK(found.back() == "14:56 truoc-xet-xu: pre-trial information must not go to the press (bao.huyen)");
}

TEST_CASE("a clause that an earlier one covers without a condition is never reached") {
  Bench bench;
  const auto found = bench.mistakes(kCheckedHead + kPermit + replaced(kPermit, "truoc-xet-xu", "lan-nua"));
  CHECK(found.back() == "15:5 lan-nua: is never reached: clause truoc-xet-xu permits the same without a condition");
}

TEST_CASE("every mistake of a file is told, in the order of its lines") {
  Bench bench;
  const std::string text =
      replaced(replaced(kCheckedHead, "basis: signed", "basis: agreed"), "until: ~", "until: 2023-01-01");
  const auto found = bench.mistakes(text + replaced(kPermit, "to: btg", "to: btgg"));
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "3:8 : must be signed or directed");
  CHECK(found[1].starts_with("6:37 : must not be before from"));
  CHECK(found[2].starts_with("14:56 truoc-xet-xu: \"btgg\" is no alias"));
}

TEST_CASE("YAML that leaves a doubt is a mistake: duplicate keys, anchors") {
  Bench bench;
  CHECK(bench.mistakes("agreement: x/y\nagreement: x/z\n") == List{"2:1 : key \"agreement\" stands here twice"});
  CHECK(bench.mistakes("agreement: &a x/y\n").at(0).starts_with("1:12 : anchors"));
}

TEST_CASE("a competence that names no required field of its type is a mistake") {
  Bench bench;
  const std::string text = replaced(kCheckedHead, "groups:", "addressees: {vks: vks.huyen}\ngroups:") +
                           replaced(kPermit, "to: btg", "to: {competent_for: /data/court, at_level: /data/level}");
  const auto found = bench.mistakes(text);
  CHECK(std::any_of(found.begin(), found.end(), [](const std::string& f) {
    return f.ends_with("/data/level is no required field of pre-trial-notice/1");
  }));
}

TEST_CASE("words that are cut inside a word, or run over two paragraphs, are a mistake") {
  Bench bench;
  const std::string what = "truoc-xet-xu: the words begin or end inside a word, or run over two paragraphs";
  for (const char* words : {"ước và sau khi", "trước và sau kh", "những vụ khác. Đoạn sau"}) {
    const auto found =
        bench.mistakes(kCheckedHead + replaced(kPermit, "trước và sau khi xét xử các vụ án tham những", words));
    CHECK(std::any_of(found.begin(), found.end(), [&](const std::string& f) { return f.ends_with(what); }));
  }
}

TEST_CASE("a part of a guard that names what no version of the type has is a mistake of its own") {
  Bench bench;
  const auto found = bench.mistakes(kCheckedHead + kPermit +
      "    when: {properties: {data: {properties: {criteria: {minItems: 1}, cort: {const: x}}, required: [criteria]}}}\n");
  CHECK(found.back() == "15:11 truoc-xet-xu: the guard speaks of /data/cort, which no version of pre-trial-notice has");
}

TEST_CASE("a system type needs no clause, and a clause for one is a mistake") {
  Bench bench;
  const auto found = bench.mistakes(kCheckedHead + replaced(kPermit, "pre-trial-notice", "recall"));
  CHECK(found.back() == "14:20 truoc-xet-xu: recall is a system type, which follows from an exchange");
}

TEST_CASE("every type about cases that were not tried yet is kept from the press") {
  Bench bench;
  for (const char* type : {"salient-case-alert", "official-misconduct-notice"}) {
    const auto found =
        bench.mistakes(kCheckedHead + replaced(replaced(kPermit, "pre-trial-notice", type), "to: btg", "to: bao"));
    CHECK(found.back().ends_with("must not go to the press (bao.huyen)"));
  }
}

TEST_CASE("a bilateral text whose parts don't stand by themselves is a mistake") {
  Bench bench;
  const std::string text = replaced(kCheckedHead, "groups: {all: [btg, bao]}",
                                    "groups: {all: [btg, bao]}\nbilateral: {party: toa-an, with_each: all}") +
                           kPermit;
  const std::string good = replaced(text, "contact: {btg:", "contact: {toa-an:");
  const auto told = [&](const std::string& file, const std::string& what) {
    const auto found = bench.mistakes(file);
    return std::any_of(found.begin(), found.end(), [&](const std::string& f) { return f.ends_with(what); });
  };
  CHECK(told(good, "the agreement x/y/bao that it makes is wrong at /clauses"));
  CHECK(told(replaced(good, "with_each: all", "with_each: btg"), "a group of parties was expected"));
  CHECK(told(replaced(good, "party: toa-an,", "party: all,"), "an alias of a party was expected"));
  CHECK(told(replaced(good, "[btg, bao]", "[bao]"), "is in no agreement: it is not in the group all"));
}

TEST_CASE("a level that is none, and a clause that undoes competence, are mistakes") {
  Bench bench;
  const std::string head = replaced(kCheckedHead, "groups:", "addressees: {tt: thanh-tra.thai-nguyen}\ngroups:");
  const std::string permit = replaced(replaced(kPermit, "pre-trial-notice", "petition-transfer"), "to: btg",
                                      "to: {competent_for: /data/competent_level, at_level: /data/place}");
  auto found = bench.mistakes(head + permit);
  CHECK(std::any_of(found.begin(), found.end(), [](const std::string& f) { return f.ends_with("/data/place is no level in petition-transfer/1"); }));
  const std::string plain = replaced(replaced(replaced(kPermit, "truoc-xet-xu", "thang"), "pre-trial-notice", "petition-transfer"), "to: btg", "to: tt");
  found = bench.mistakes(head + permit + plain);
  CHECK(std::any_of(found.begin(), found.end(), [](const std::string& f) {
    return f.find("thang: undoes competence: clauses truoc-xet-xu and thang") != f.npos;
  }));
}

TEST_CASE("an empty file, and one that holds something else, are told in one line") {
  Bench bench;
  for (const char* text : {"", "~\n", "[a]\n", "x\n"})
    CHECK(bench.mistakes(text) == List{"1:1 : an agreement is an object: agreement, version, basis, title, …"});
}

TEST_CASE("a field that the type does not have is a mistake, with the names that are nearest") {
  Bench bench;
  const auto found = bench.mistakes(kCheckedHead + kPermit + "    needs: [case_ref, trail_at]\n");
  CHECK(found.back() == "15:23 truoc-xet-xu: no version of pre-trial-notice has the field \"trail_at\": correct the name, or "
                        "leave it out; nearest: trial_at, case_ref, court");
}

TEST_CASE("what a type requires and the clause does not need is worth knowing, and no mistake") {
  Bench bench;
  const std::string text = kCheckedHead + kPermit + "    needs: [case_ref, criteria]\n";
  const auto findings = bench.check(text);
  CHECK(std::any_of(findings.begin(), findings.end(), [](const Finding& f) {
    return !f.mistake && f.path == "/clauses/0/needs" && f.mark.line == 15 &&
           f.what == "does not need what pre-trial-notice/1 requires: court, trial_at";
  }));
  CHECK(bench.mistakes(text) == bench.mistakes(kCheckedHead + kPermit));
}
