#include <catch2/catch.hpp>

#include "adapters/folder/refusal_text.hpp"
#include "tests/support/sending_party.hpp"

using namespace hub;

namespace {

const folder::Description kDocument{test::numbered_id(1), "a.json", "project-plan-notice/1",
                                    "Kế hoạch dự án trọng điểm", "12/KH-UBND", "ubnd.lam-dong", "btg.lam-dong"};

folder::Answer refused() {
  folder::Answer answer;
  answer.outcome = "recipient-unknown";
  answer.position = Position(10482);
  answer.time = UnixMicros(1'710'205'202'000'000);
  return answer;
}

}  // namespace

TEST_CASE("A number is grouped by thousands") {
  CHECK(folder::grouped(0) == "0");
  CHECK(folder::grouped(999) == "999");
  CHECK(folder::grouped(1000) == "1 000");
  CHECK(folder::grouped(10482) == "10 482");
  CHECK(folder::grouped(1234567) == "1 234 567");
}

TEST_CASE("A refusal says what, from whom to whom, why, what to do, and what proves it, in both languages") {
  folder::Answer answer = refused();
  answer.recipients.push_back({"btg.lam-dong", "btg.lam-dong", "recipient-unknown", "", "", 0,
                               {{"recipient", "btg.lam-dong"}, {"contact", "Văn phòng"}}});
  const std::string vi = folder::refusal_text(kDocument, answer, Language::vietnamese);
  CHECK(vi.starts_with("KHÔNG ĐƯỢC CHẤP NHẬN: "));
  CHECK(vi.find("(recipient-unknown)\n") != vi.npos);
  CHECK(vi.find("Văn bản:    Kế hoạch dự án trọng điểm, số 12/KH-UBND\n") != vi.npos);
  CHECK(vi.find("Gửi:        ubnd.lam-dong → btg.lam-dong\n") != vi.npos);
  CHECK(vi.find("Lý do:      ") != vi.npos);
  CHECK(vi.find("Cần làm:    ") != vi.npos);
  CHECK(vi.find("Liên hệ:    Văn phòng\n") != vi.npos);
  CHECK(vi.find("Bằng chứng: vị trí 10 482 trong sổ ghi, 2024-03-12 08:00:02\n") != vi.npos);
  const std::string en = folder::refusal_text(kDocument, answer, Language::english);
  CHECK(en.find("Evidence:   position 10 482 in the journal, 2024-03-12 08:00:02\n") != en.npos);
}

TEST_CASE("Each refused recipient has a reason of its own and the same advice stands once") {
  folder::Answer answer = refused();
  for (const char* party : {"a.x", "b.x"})
    answer.recipients.push_back({party, party, "recipient-unknown", "", "", 0, {{"recipient", party}}});
  const std::string vi = folder::refusal_text(kDocument, answer, Language::vietnamese);
  CHECK(vi.find("Lý do:      a.x: ") != vi.npos);
  CHECK(vi.find("Lý do:      b.x: ") != vi.npos);
}

TEST_CASE("A refusal before the hub says that there is no record") {
  const folder::Answer answer =
      folder::answer_of(Error{ErrorCode::file_not_json, {{"line", "3"}, {"column", "5"}, {"reason", "a comma"}}});
  folder::Description file;
  file.file = "a.json";
  const std::string vi = folder::refusal_text(file, answer, Language::vietnamese);
  CHECK(vi.find("Văn bản:    a.json\n") != vi.npos);
  CHECK(vi.find("Dòng 3, cột 5") != vi.npos);
  CHECK(vi.find("Gửi:") == vi.npos);
  CHECK(vi.find("tệp chưa được gửi đến trung tâm") != vi.npos);
}

TEST_CASE("A code that this program does not know is shown as it is") {
  folder::Answer answer = refused();
  answer.outcome = "code-of-tomorrow";
  CHECK(folder::refusal_text(kDocument, answer, Language::english).find("code-of-tomorrow") != std::string::npos);
}
