// One text for several bilateral agreements: `bilateral: {party: bnc, with_each: partners}` stands for one agreement
// between bnc and each member of the group, so that one partner who has not signed doesn't stop the others.
//
// The agreement with member X has the id "<id>/<alias of X>", the parties bnc and X, and the clauses that name X, or a
// group that holds X, and else nobody but bnc and addressees; groups hold X alone of their parties; addressees are those
// that its clauses need. Threads: a free function.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace hub::agreements {

// The agreements that a file stands for, in the order of the group: itself, when it is not bilateral. `value` has been
// read without a fault.
std::vector<nlohmann::json> bilateral_agreements(const nlohmann::json& value);

// The clauses of a bilateral text that come into none of its agreements.
std::vector<std::size_t> clauses_without_member(const nlohmann::json& value);

}  // namespace hub::agreements
