#include "attributes.hpp"

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

// Whole numbers from 0 to 255 take one byte: most attributes that are numbers are small.
enum ValueType : char { kFalse, kTrue, kSmall, kNumber, kText };

constexpr std::size_t kMaxBytes = 255;         // of a name
constexpr std::size_t kMaxTextBytes = 0xffff;  // of a value

// Where a value that begins with its type ends.
const char* behind_value(const char* p) {
  switch (*p) {
    case kFalse:
    case kTrue: return p + 1;
    case kSmall: return p + 2;
    case kNumber: return p + 1 + sizeof(double);
    default: return p + 3 + (static_cast<unsigned char>(p[1]) | static_cast<unsigned char>(p[2]) << 8);
  }
}

// The attribute of that name begins at `begin` and its value at `value`; `count` of others lie before it. Not found: begin is
// the block's end.
struct Place {
  std::uint32_t begin = 0, value = 0, end = 0, count = 0;
};
Place place_of(const Compact<char>& block, std::string_view name) {
  Place place;
  const char* bytes = block.data();
  const std::uint32_t size = block.size();
  while (place.begin < size) {
    const std::uint32_t length = static_cast<unsigned char>(bytes[place.begin]);
    place.value = place.begin + 1 + length;
    place.end = static_cast<std::uint32_t>(behind_value(bytes + place.value) - bytes);
    if (length == name.size() && std::memcmp(bytes + place.begin + 1, name.data(), length) == 0) return place;
    place.begin = place.end;
    ++place.count;
  }
  return place;
}

}  // namespace

bool next_attribute(const Compact<char>& block, std::uint32_t& at, std::string_view& name, EventScalar& value) {
  if (at >= block.size()) return false;
  const char* bytes = block.data();
  const std::uint32_t length = static_cast<unsigned char>(bytes[at++]);
  name = std::string_view(bytes + at, length);
  at += length;
  switch (bytes[at++]) {
    case kFalse: value = false; break;
    case kTrue: value = true; break;
    case kSmall: value = static_cast<double>(static_cast<unsigned char>(bytes[at++])); break;
    case kNumber: {
      double number;
      std::memcpy(&number, bytes + at, sizeof number);
      at += sizeof number;
      value = number;
      break;
    }
    default: {
      const std::uint32_t size = static_cast<unsigned char>(bytes[at]) | static_cast<unsigned char>(bytes[at + 1]) << 8;
      value = std::string_view(bytes + at + 2, size);
      at += 2 + size;
    }
  }
  return true;
}

std::optional<EventScalar> find_attribute(const Compact<char>& block, std::string_view name) {
  const Place place = place_of(block, name);
  if (place.begin == block.size()) return std::nullopt;
  std::uint32_t at = place.begin;
  std::string_view found;
  EventScalar value;
  next_attribute(block, at, found, value);
  return value;
}

void set_attribute(Compact<char>& block, std::string_view name, const EventScalar& value) {
  if (name.size() > kMaxBytes) return;
  const auto* number = std::get_if<double>(&value);
  const bool small = number && *number >= 0 && *number <= 255 && *number == static_cast<int>(*number);
  const Place place = place_of(block, name);
  if (place.begin != block.size()) {
    if (small && block[place.value] == kSmall) {
      block[place.value + 1] = static_cast<char>(static_cast<unsigned char>(*number));
      return;
    }
    block.erase(place.begin, place.end - place.begin);
  } else if (place.count >= kMaxAttributes) {
    return;
  }
  if (std::holds_alternative<std::monostate>(value)) return;
  block.push_back(static_cast<char>(static_cast<unsigned char>(name.size())));
  block.append(name.data(), static_cast<std::uint32_t>(name.size()));
  if (const auto* flag = std::get_if<bool>(&value)) {
    block.push_back(*flag ? kTrue : kFalse);
  } else if (small) {
    block.push_back(kSmall);
    block.push_back(static_cast<char>(static_cast<unsigned char>(*number)));
  } else if (number) {
    block.push_back(kNumber);
    block.append(reinterpret_cast<const char*>(number), sizeof *number);
  } else {
    const std::string_view text = std::get<std::string_view>(value).substr(0, kMaxTextBytes);
    block.push_back(kText);
    block.push_back(static_cast<char>(text.size() & 0xff));
    block.push_back(static_cast<char>(text.size() >> 8));
    block.append(text.data(), static_cast<std::uint32_t>(text.size()));
  }
}

bool next_tag(const Compact<char>& block, std::uint32_t& at, std::string_view& name) {
  if (at >= block.size()) return false;
  const std::uint32_t length = static_cast<unsigned char>(block[at]);
  name = std::string_view(block.data() + at + 1, length);
  at += 1 + length;
  return true;
}

bool has_tag(const Compact<char>& block, std::string_view name) {
  std::string_view found;
  for (std::uint32_t at = 0; next_tag(block, at, found);) {
    if (found == name) return true;
  }
  return false;
}

void change_tag(Compact<char>& block, std::string_view name, TagChange change) {
  if (name.empty() || name.size() > kMaxBytes) return;
  std::string_view found;
  std::uint32_t count = 0;
  for (std::uint32_t at = 0, begin = 0; next_tag(block, at, found); begin = at) {
    ++count;
    if (found != name) continue;
    if (change == TagChange::kRemove) block.erase(begin, at - begin);
    return;
  }
  if (change == TagChange::kRemove || count >= kMaxTags) return;
  block.push_back(static_cast<char>(static_cast<unsigned char>(name.size())));
  block.append(name.data(), static_cast<std::uint32_t>(name.size()));
}

}  // namespace beckon::rules::detail
