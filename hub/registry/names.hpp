// The grammars of names. A party's id: "toa-an.huyen"; an endpoint's: "toa-an.huyen/folder"; a type's:
// "trial-result-report/1".
#pragma once

#include <string_view>

namespace hub::registry {

// [a-z0-9]([a-z0-9.-]*[a-z0-9])?, at most kNameBytesMax bytes.
bool is_party_id(std::string_view text);
// A party's id, "/", and a name of the same grammar; at most kNameBytesMax bytes.
bool is_endpoint_id(std::string_view text);
// [a-z0-9-]+
bool is_type_name(std::string_view text);
// A type's name, "/", a version [1-9][0-9]*; at most kNameBytesMax bytes.
bool is_type_id(std::string_view text);
// "trial-result-report" of "trial-result-report/1".
std::string_view type_name(std::string_view type_id);
// Two or more party-like names joined by "/": "huyen/btg-238"; at most kNameBytesMax bytes.
bool is_agreement_id(std::string_view text);
// A document's number as offices write it, "1214-CV/HU": begins with a digit and has no blank, so that no name fits in it.
bool is_plain_document_number(std::string_view text);
// One to four names joined by "/", the outer one first: "thai-nguyen/huyen-a"; at most kNameBytesMax bytes.
bool is_place(std::string_view text);
// Whether `place` is `around` or lies in it.
bool is_in_place(std::string_view place, std::string_view around);

}  // namespace hub::registry
