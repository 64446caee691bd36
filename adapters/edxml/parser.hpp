// libxml2's push parser, held to the elements of edXML. Its callbacks come in here; the first refusal ends the parsing.
// One thread owns it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/edxml/attachment_stage.hpp"
#include "adapters/edxml/draft.hpp"
#include "adapters/edxml/elements.hpp"

struct _xmlParserCtxt;
struct _xmlError;

namespace hub::edxml {

class Parser {
 public:
  Parser(std::string staging, const Limits& limits);
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser();

  Result<void> add(std::string_view bytes);
  // After the last byte.
  Result<File> finish();

  // The parser's events.
  void start_element(const char* name, const char* prefix, const char* uri);
  void end_element();
  void text(std::string_view text);
  void document_type();
  void error(const _xmlError& error);

 private:
  struct Open {
    const Element* element = nullptr;  // nullptr: not known, or within what is dropped
    std::string name;
    Line line = 0;
    bool has_elements = false;
    std::vector<const Element*> seen;  // of what may stand in it once
  };

  Line line() const;
  void stop(Error error);
  Result<void> feed(std::string_view bytes, bool last);
  Result<void> create(std::string_view first);
  std::size_t skip_blanks(std::string_view bytes);
  Check open_known(const Element& element, Open& parent);
  Check misplaced(std::string_view name) const;
  Check close(const Open& open);

  Limits limits_;
  Draft draft_;
  AttachmentStage stage_;
  std::optional<Error> error_;
  _xmlParserCtxt* context_ = nullptr;
  std::string begin_;       // of the file, until it can be told how it begins
  Line lines_skipped_ = 0;  // before the XML
  std::vector<Open> open_;
  std::size_t elements_ = 0, text_bytes_ = 0;
  std::string text_;
};

}  // namespace hub::edxml
