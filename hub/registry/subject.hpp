// What a document's subject (trích yếu) is made of: text with {field} for fields of its data, as "Chuyển đơn số
// {petition_ref}".
//
// Threads: immutable; any number of threads may compare at once. The bytes of `data` are only borrowed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::registry {

class SubjectTemplate {
 public:
  // Nothing when it is empty, or braces don't pair around a name.
  static std::optional<SubjectTemplate> parse(std::string_view made_of);

  const std::string& text() const { return text_; }
  std::vector<std::string_view> fields() const;

  // `data` is the MessagePack map of the fields. A text stands as it is, an integer in decimal; a field that is absent
  // or something else fits no subject. No allocation.
  bool matches(std::string_view subject, ByteView data) const;
  // The one subject that matches. A field that is absent is left out.
  std::string make(ByteView data) const;
  // schema_violation at /subject, with the one that matches.
  Error wrong(ByteView data) const;

 private:
  struct Piece {
    std::string text;  // literal, or the field's name
    bool is_field = false;
  };

  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace hub::registry
