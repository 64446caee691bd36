// organisations.yaml: which party a code of an organisation means.
//
//   organisations:
//     - party: toa-an.huyen
//       name: Tòa án nhân dân huyện
//       ids: ["000.00.00.H41", "H37.DN.001"]     # the first is what is written
//
// Codes of both forms are aliases: none is derived from another. Read strictly: an unknown member, a party or code that
// stands twice is refused with line and column.
//
// Threads: immutable.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::edxml {

class Organisations {
 public:
  struct Entry {
    std::string party, name;
    std::vector<std::string> ids;  // one at least
  };

  // config_invalid; `file` is for messages.
  static Result<Organisations> parse(std::string_view text, const std::string& file);
  static Result<Organisations> read(const std::string& path);  // io_failed too
  // Parties and codes must be unique.
  explicit Organisations(std::vector<Entry> entries);

  const Entry* by_id(std::string_view organ_id) const;  // nullptr when nobody has it
  const Entry* by_party(std::string_view party) const;

 private:
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> ids_, parties_;
};

}  // namespace hub::edxml
