#include "hub/app/reconciliation_text.hpp"

#include <algorithm>

#include "hub/app/table.hpp"

namespace hub::app {
namespace {

using evidence::Difference;
using evidence::Discrepancy;

std::string words_of(Difference difference) {
  switch (difference) {
    case Difference::not_recorded:
      return "Bên gửi có câu trả lời, sổ ghi không có bản ghi này / the sender has an answer, the journal no such "
             "record";
    case Difference::other_leaf:
      return "Mã băm bản ghi khác với mã băm trong sổ ghi / the record's digest is not the journal's";
    case Difference::not_in_outbox:
      return "Sổ ghi có, bên gửi không có / in the journal, unknown to the sender";
    case Difference::not_in_inbox:
      return "Sổ ghi báo đã giao, bên nhận không có / delivered by the journal, the recipient does not have it";
    case Difference::unknown_delivery:
      return "Bên nhận có, sổ ghi không có lượt giao này / the recipient has it, the journal no such delivery";
    case Difference::answer_outstanding:
      return "Bên gửi chưa nhận được câu trả lời / the sender does not have the answer yet";
    case Difference::receipt_outstanding:
      return "Bên nhận đã có, sổ ghi chưa ghi đã giao / the recipient has it, the journal does not say so yet";
    case Difference::not_read_yet:
      return "Sổ tra cứu chưa đọc đến bản ghi này / the ledger has not come to this record yet";
  }
  return {};
}

std::string rows_of(const std::vector<Discrepancy>& found, bool gaps) {
  std::vector<std::vector<std::string>> rows = {{"bên, vị trí / party, position",
                                                 "văn bản, lượt giao / document, delivery",
                                                 gaps ? "sai lệch / gap" : "chưa xong / outstanding"}};
  for (const Discrepancy& one : found) {
    if (is_gap(one.difference) != gaps) continue;
    const std::string place = one.position ? " #" + std::to_string(one.position->value) : "";
    const std::string document = one.document ? to_text(*one.document) : "";
    rows.push_back({one.party + place, document + (document.empty() || one.delivery.empty() ? "" : " ") + one.delivery,
                    words_of(one.difference)});
  }
  return rows.size() == 1 ? "" : table(rows) + "\n\n";
}

nlohmann::ordered_json discrepancy_json(const Discrepancy& one) {
  nlohmann::ordered_json out = {{"difference", evidence::name_of(one.difference)}, {"party", one.party}};
  if (one.document) out["document"] = to_text(*one.document);
  if (!one.delivery.empty()) out["delivery"] = one.delivery;
  if (one.position) out["position"] = one.position->value;
  return out;
}

}  // namespace

std::size_t Reconciliation::gaps() const {
  return static_cast<std::size_t>(std::ranges::count_if(found, evidence::is_gap, &Discrepancy::difference));
}

std::string reconciliation_text(const Reconciliation& r) {
  const std::string gaps = std::to_string(r.gaps()), documents = std::to_string(r.documents),
                    deliveries = std::to_string(r.deliveries), ledger = std::to_string(r.ledger_end.value),
                    journal = std::to_string(r.journal_end.value);
  return rows_of(r.found, true) + rows_of(r.found, false) + gaps + " sai lệch giữa sổ ghi và các bên.\n" + gaps +
         " gaps between the journal and the parties.\n" + "Đã đối chiếu " + documents + " văn bản gửi, " + deliveries +
         " lượt nhận.\nCompared: " + documents + " documents sent, " + deliveries + " deliveries taken.\n" +
         "Sổ tra cứu có các bản ghi trước " + ledger + "; sổ ghi có " + journal + " bản ghi.\n" +
         "The ledger has the records before " + ledger + "; the journal has " + journal + ".";
}

nlohmann::ordered_json reconciliation_json(const Reconciliation& r) {
  auto gaps = nlohmann::ordered_json::array(), outstanding = nlohmann::ordered_json::array();
  for (const Discrepancy& one : r.found) (is_gap(one.difference) ? gaps : outstanding).push_back(discrepancy_json(one));
  return {{"gaps", gaps},
          {"outstanding", outstanding},
          {"documents", r.documents},
          {"deliveries", r.deliveries},
          {"ledger_end", r.ledger_end.value},
          {"journal_end", r.journal_end.value}};
}

}  // namespace hub::app
