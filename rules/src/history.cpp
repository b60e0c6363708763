#include "history.hpp"

#include <algorithm>

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

enum DatumType : char { kNullDatum, kFalseDatum, kTrueDatum, kNumberDatum, kTextDatum };

// The code of an event, the first of its numbers, is its kind times four and these.
enum Flag : std::uint32_t { kSameTab = 1, kHasData = 2 };  // the tab is that of the event before, and not written
// Kinds: a page, a name that the program does not know, then the names that it does.
enum Kind : std::uint32_t { kPageKind, kForeignKind, kFirstNameKind };

std::uint32_t kind_of(const Remembered& event) {
  return event.is_page ? kPageKind : event.name == kForeignName ? kForeignKind : kFirstNameKind + event.name;
}

// Numbers as varints: seven bits a byte, the lowest first.
constexpr std::size_t kMaxVarintBytes = 10;
char* put_varint(char* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}
void put_varint(Compact<char>& out, std::uint64_t value) {
  char bytes[kMaxVarintBytes];
  out.append(bytes, static_cast<std::uint32_t>(put_varint(bytes, value) - bytes));
}

std::uint64_t get_varint(const char* bytes, std::uint32_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const unsigned char byte = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
}

void put_text(Compact<char>& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text.data(), static_cast<std::uint32_t>(text.size()));
}

std::string_view get_text(const char* bytes, std::uint32_t& at) {
  const std::uint32_t size = static_cast<std::uint32_t>(get_varint(bytes, at));
  const std::string_view text(bytes + at, size);
  at += size;
  return text;
}

void put_data(Compact<char>& out, const std::vector<EventDatum>& data) {
  put_varint(out, data.size());
  for (const EventDatum& datum : data) {
    put_text(out, datum.key);
    if (const auto* flag = std::get_if<bool>(&datum.value)) {
      out.push_back(*flag ? kTrueDatum : kFalseDatum);
    } else if (const auto* number = std::get_if<double>(&datum.value)) {
      out.push_back(kNumberDatum);
      out.append(reinterpret_cast<const char*>(number), sizeof *number);
    } else if (const auto* text = std::get_if<std::string_view>(&datum.value)) {
      out.push_back(kTextDatum);
      put_text(out, *text);
    } else {
      out.push_back(kNullDatum);
    }
  }
}

void get_data(const char* bytes, std::uint32_t& at, std::vector<EventDatum>& data) {
  data.resize(get_varint(bytes, at));
  for (EventDatum& datum : data) {
    datum.key = get_text(bytes, at);
    switch (bytes[at++]) {
      case kFalseDatum: datum.value = false; break;
      case kTrueDatum: datum.value = true; break;
      case kNumberDatum: {
        double number;
        std::memcpy(&number, bytes + at, sizeof number);
        at += sizeof number;
        datum.value = number;
        break;
      }
      case kTextDatum: datum.value = get_text(bytes, at); break;
      default: datum.value = std::monostate(); break;
    }
  }
}

}  // namespace

const EventScalar* Remembered::find(std::string_view key) const {
  for (const EventDatum& datum : data) {
    if (datum.key == key) return &datum.value;
  }
  return nullptr;
}

std::uint32_t Remembered::weight(std::size_t name_bytes) const {
  constexpr std::size_t kEvent = 16, kNumber = 8;
  std::size_t weight = kEvent + tab.size() + name_bytes;
  for (const EventDatum& datum : data) {
    const auto* text = std::get_if<std::string_view>(&datum.value);
    weight += datum.key.size() + (text ? text->size() : kNumber);
  }
  return static_cast<std::uint32_t>(weight);
}

void History::add(const Remembered& event, std::uint32_t weight) {
  const std::int64_t t = to_ms(event.t);
  if (empty()) {
    const Head fresh{t, t, 0, next_number(), 0, 0};
    bytes_.clear();
    bytes_.append(reinterpret_cast<const char*>(&fresh), sizeof fresh);
  }
  std::uint32_t flags = event.data.empty() ? 0u : std::uint32_t{kHasData};
  if (head().count > 0) {
    std::uint32_t at = head().tab;
    const std::string_view last = get_text(bytes_.data(), at);
    if (std::equal(last.begin(), last.end(), event.tab.begin(), event.tab.end())) flags |= kSameTab;
  }
  // [code][ms since the one before][tab][path][data…], but for what the code says is not there.
  char begin[2 * kMaxVarintBytes];
  char* end = put_varint(begin, std::uint64_t{kind_of(event)} << 2 | flags);
  end = put_varint(end, static_cast<std::uint64_t>(t - head().last_ms));
  bytes_.append(begin, static_cast<std::uint32_t>(end - begin));
  if (!(flags & kSameTab)) {
    head().tab = bytes_.size();
    put_text(bytes_, event.tab);
  }
  if (kind_of(event) < kFirstNameKind) put_text(bytes_, event.path);
  if (flags & kHasData) put_data(bytes_, event.data);
  Head& head = this->head();
  head.last_ms = t;
  head.weight += weight;
  ++head.count;
  ++head.next;
}

History::Cursor History::begin() const {
  if (bytes_.empty()) return {0, 1, 0, {}};
  return {sizeof(Head), head().next - head().count, head().base_ms, {}};
}

bool History::read(Cursor& cursor, Remembered& event) const {
  if (cursor.at >= bytes_.size()) return false;
  const char* bytes = bytes_.data();
  std::uint32_t& at = cursor.at;
  const std::uint64_t code = get_varint(bytes, at);
  const std::uint32_t kind = static_cast<std::uint32_t>(code >> 2);
  event.is_page = kind == kPageKind;
  event.name = kind == kForeignKind ? kForeignName : event.is_page ? 0 : kind - kFirstNameKind;
  cursor.t += static_cast<std::int64_t>(get_varint(bytes, at));
  event.t = at_ms(cursor.t);
  event.number = cursor.number++;
  if (!(code & kSameTab)) cursor.tab = get_text(bytes, at);
  event.tab = cursor.tab;
  event.path = kind < kFirstNameKind ? get_text(bytes, at) : std::string_view();
  event.data.clear();
  if (code & kHasData) get_data(bytes, at, event.data);
  return true;
}

bool History::too_large() const {
  return !bytes_.empty() && (head().count > kMaxRememberedEvents || head().weight > kMaxRememberedBytes);
}

void History::oldest(Remembered& event) const {
  Cursor cursor = begin();
  read(cursor, event);
}

void History::forget_oldest(std::uint32_t weight) {
  Cursor cursor = begin();
  Remembered event;
  if (!read(cursor, event)) return;
  head().base_ms = cursor.t;
  head().weight -= weight;
  --head().count;
  std::uint32_t at = cursor.at;  // behind the first event
  if (at < bytes_.size() && (bytes_[at] & kSameTab)) {
    // The next event writes its tab itself, in front of what is behind its two numbers.
    char begin[2 * kMaxVarintBytes];
    char* end = put_varint(begin, get_varint(bytes_.data(), at) & ~std::uint64_t{kSameTab});
    end = put_varint(end, get_varint(bytes_.data(), at));
    Compact<char> first;
    first.append(begin, static_cast<std::uint32_t>(end - begin));
    const std::uint32_t tab = sizeof(Head) + first.size();
    put_text(first, event.tab);
    const bool was_last = head().tab < cursor.at;
    const std::uint32_t size_before = bytes_.size();
    char* place = bytes_.replace(sizeof(Head), at - sizeof(Head), first.size());
    std::memcpy(place, first.data(), first.size());
    head().tab = was_last ? tab : head().tab - (size_before - bytes_.size());
    return;
  }
  bytes_.erase(sizeof(Head), at - sizeof(Head));
  head().tab -= at - sizeof(Head);
}

}  // namespace beckon::rules::detail
