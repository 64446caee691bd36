#include "adapters/edxml/parser.hpp"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <algorithm>

#include "adapters/edxml/refusal.hpp"
#include "hub/base/check.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/nfc.hpp"

namespace hub::edxml {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Parser& parser_of(void* user) { return *static_cast<Parser*>(user); }
const char* chars(const xmlChar* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

void on_start(void* user, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int, const xmlChar**, int,
              int, const xmlChar**) {
  parser_of(user).start_element(chars(name), chars(prefix), chars(uri));
}
void on_end(void* user, const xmlChar*, const xmlChar*, const xmlChar*) { parser_of(user).end_element(); }
void on_text(void* user, const xmlChar* text, int size) {
  parser_of(user).text({chars(text), static_cast<std::size_t>(size)});
}
void on_document_type(void* user, const xmlChar*, const xmlChar*, const xmlChar*) { parser_of(user).document_type(); }
void on_error(void* user, xmlErrorPtr error) { parser_of(user).error(*error); }

xmlSAXHandler handler() {
  xmlSAXHandler out{};
  out.initialized = XML_SAX2_MAGIC;
  out.startElementNs = on_start;
  out.endElementNs = on_end;
  out.characters = on_text;
  out.ignorableWhitespace = on_text;
  out.cdataBlock = on_text;
  out.internalSubset = on_document_type;
  out.serror = on_error;
  return out;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Without blanks around it; blanks inside become one each, but for line ends where `lines`.
std::string cleaned(std::string_view text, bool lines) {
  std::string out;
  bool blank = false, line_end = false;
  for (const char c : text) {
    if (is_blank(c)) {
      blank = true;
      line_end = line_end || c == '\n';
      continue;
    }
    if (blank && !out.empty()) out += lines && line_end ? '\n' : ' ';
    blank = line_end = false;
    out += c;
  }
  return registry::nfc(out);
}

bool holds_no_elements(ElementKind kind) {
  return kind == ElementKind::text || kind == ElementKind::lines || kind == ElementKind::content;
}

}  // namespace

Parser::Parser(std::string staging, const Limits& limits)
    : limits_(limits), draft_(limits_), stage_(std::move(staging), limits_) {}

Parser::~Parser() {
  if (context_) ::xmlFreeParserCtxt(context_);
}

Line Parser::line() const {
  return lines_skipped_ + static_cast<Line>(context_ && context_->input ? std::max(context_->input->line, 1) : 1);
}

void Parser::stop(Error error) {
  if (error_) return;
  error_ = std::move(error);
  if (context_) ::xmlStopParser(context_);
}

// How many bytes at the begin are blanks, which XML does not allow before its declaration and systems write all the
// same; a byte order mark before them goes with them.
std::size_t Parser::skip_blanks(std::string_view bytes) {
  std::size_t at = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::size_t begin = at;
  for (; at < bytes.size() && is_blank(bytes[at]); ++at) lines_skipped_ += bytes[at] == '\n';
  return at == begin ? 0 : at;
}

Result<void> Parser::create(std::string_view first) {
  ::xmlInitParser();
  xmlSAXHandler events = handler();
  context_ = ::xmlCreatePushParserCtxt(&events, this, first.data(), static_cast<int>(first.size()), nullptr);
  HUB_CHECK(context_ != nullptr);
  ::xmlCtxtUseOptions(context_, XML_PARSE_NONET);
  return {};
}

Result<void> Parser::feed(std::string_view bytes, bool last) {
  ::xmlParseChunk(context_, bytes.data(), static_cast<int>(bytes.size()), last);
  if (!error_ && context_->input &&
      static_cast<std::size_t>(context_->input->end - context_->input->cur) > limits_.markup_bytes)
    stop(beyond(line(), "số byte của một thẻ hay chú thích", "bytes of one tag or comment", limits_.markup_bytes));
  if (error_) return tl::unexpected(*error_);
  return {};
}

Result<void> Parser::add(std::string_view bytes) {
  if (context_) return feed(bytes, false);
  // The encoding is told by the first four bytes.
  constexpr std::size_t kTellingBytes = 4;
  begin_ += bytes;
  begin_.erase(0, skip_blanks(begin_));
  if (begin_.size() < kTellingBytes) return {};
  const std::string begin = std::move(begin_);
  if (auto created = create(std::string_view(begin).substr(0, kTellingBytes)); !created) return created;
  return feed(std::string_view(begin).substr(kTellingBytes), false);
}

Result<File> Parser::finish() {
  if (!context_) return refuse(line(), "tệp không có nội dung XML", "the file holds no XML");
  if (auto fed = feed({}, true); !fed) return tl::unexpected(fed.error());
  return edxml::finish(std::move(draft_));
}

void Parser::error(const _xmlError& error) {
  if (error.level < XML_ERR_ERROR) return;
  std::string what = error.message ? error.message : "unknown";
  while (!what.empty() && is_blank(what.back())) what.pop_back();
  constexpr std::size_t kReasonBytesMax = 200;
  if (what.size() > kReasonBytesMax || !is_utf8(what)) what = "XML error " + std::to_string(error.code);
  stop(refusal(line(), "không phải XML đúng quy cách: " + what, "no well-formed XML: " + what));
}

void Parser::document_type() {
  stop(refusal(line(), "tệp có khai báo DOCTYPE, là điều không được phép",
               "there is a DOCTYPE, which is not permitted"));
}

Check Parser::misplaced(std::string_view name) const {
  for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
    const Element* around = open_[i].element;
    const Element* known = around ? find_element(around->opens, name) : nullptr;
    if (known && known->kind == ElementKind::group)
      return refusal(line(), std::string(name) + " không được nằm trong " + open_.back().name,
                     std::string(name) + " must not stand in " + open_.back().name);
  }
  return std::nullopt;
}

Check Parser::open_known(const Element& element, Open& parent) {
  if (!element.repeats) {
    if (std::find(parent.seen.begin(), parent.seen.end(), &element) != parent.seen.end())
      return refusal(line(), std::string(element.name) + " xuất hiện hai lần trong " + parent.name,
                     std::string(element.name) + " stands in " + parent.name + " twice");
    parent.seen.push_back(&element);
  }
  if (element.kind == ElementKind::content)
    if (auto begun = stage_.begin(); !begun) return begun.error();
  return element.start ? element.start(draft_, line()) : std::nullopt;
}

void Parser::start_element(const char* name, const char* prefix, const char* uri) {
  if (error_) return;
  text_.clear();
  text_bytes_ = 0;
  if (++elements_ > limits_.elements) return stop(beyond(line(), "số phần tử", "elements", limits_.elements));
  if (open_.size() == limits_.depth)
    return stop(beyond(line(), "độ sâu của các phần tử", "depth of elements", limits_.depth));
  Open next{nullptr, name, line(), false, {}};
  if (open_.empty()) {
    next.element = find_element(kDocumentScope, name);
    if (!next.element)
      return stop(refusal(line(), "phần tử gốc là " + next.name + ", không phải edXML",
                          "the root is " + next.name + ", not edXML"));
  } else {
    Open& parent = open_.back();
    parent.has_elements = true;
    const Element* around = parent.element;
    if (around && holds_no_elements(around->kind))
      return stop(refusal(line(), parent.name + " không được chứa phần tử " + next.name,
                          parent.name + " must not hold an element, here " + next.name));
    if (around && around->kind == ElementKind::group) {
      next.element = find_element(around->opens, name);
      if (!next.element)
        if (auto wrong = misplaced(name)) return stop(std::move(*wrong));
    }
  }
  if (next.element && next.element->kind != ElementKind::dropped && uri != kNamespace)
    return stop(refusal(line(),
                        next.name + " thuộc không gian tên \"" + uri + "\", không phải của QCVN 102:2016" +
                            (*prefix ? " (tiền tố " + std::string(prefix) + ")" : ""),
                        next.name + " is in namespace \"" + uri + "\", not in that of QCVN 102:2016" +
                            (*prefix ? " (prefix " + std::string(prefix) + ")" : "")));
  if (next.element && !open_.empty())
    if (auto wrong = open_known(*next.element, open_.back())) return stop(std::move(*wrong));
  open_.push_back(std::move(next));
}

void Parser::text(std::string_view text) {
  if (error_ || open_.empty()) return;
  const Element* element = open_.back().element;
  if (element && element->kind == ElementKind::content) {
    if (auto added = stage_.add(text, line()); !added) stop(added.error());
    return;
  }
  text_bytes_ += text.size();
  if (text_bytes_ > limits_.text_bytes)
    return stop(beyond(open_.back().line, "số byte của " + open_.back().name, "bytes of " + open_.back().name,
                       limits_.text_bytes));
  if (element && element->text) text_ += text;
}

Check Parser::close(const Open& open) {
  const Element* element = open.element;
  if (!element) return std::nullopt;
  if (element->kind == ElementKind::content) {
    auto file = stage_.end(line());
    if (!file) return file.error();
    draft_.encoded.back().file = std::move(*file);
  }
  if (!element->text || (element->kind == ElementKind::group && open.has_elements)) return std::nullopt;
  std::string text = cleaned(text_, element->kind == ElementKind::lines);
  return text.empty() ? std::nullopt : element->text(draft_, std::move(text), open.line);
}

void Parser::end_element() {
  if (error_) return;
  const Open open = std::move(open_.back());
  open_.pop_back();
  if (auto wrong = close(open)) return stop(std::move(*wrong));
  text_.clear();
  text_bytes_ = 0;
}

}  // namespace hub::edxml
