#include "attributes.hpp"

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

// What a value begins with. Whole numbers from 0 on that are less than these are themselves: most attributes that are
// numbers are small.
constexpr unsigned char kFalse = 252, kTrue = 253, kNumber = 254, kText = 255;

constexpr std::size_t kMaxBytes = 255;         // of a name
constexpr std::size_t kMaxTextBytes = 0xffff;  // of a value

unsigned char byte_at(const Compact<char>& block, std::uint32_t at) { return static_cast<unsigned char>(block[at]); }
std::uint32_t length_at(const Compact<char>& block, std::uint32_t at) {
  return byte_at(block, at) | std::uint32_t{byte_at(block, at + 1)} << 8;
}
std::uint32_t bytes_of_name(const Compact<char>& block, std::uint32_t at) {
  return block[at] != 0 ? 1 : 2 + byte_at(block, at + 1);
}
std::uint32_t bytes_of_value(const Compact<char>& block, std::uint32_t at) {
  const unsigned char type = byte_at(block, at);
  if (type < kNumber) return 1;
  return type == kText ? 3 + length_at(block, at + 1) : 1 + sizeof(double);
}

// What a name begins with: 1 + its number, or 0 and its text follows.
unsigned char key_of(const AttributeName& name) {
  return static_cast<unsigned char>(name.number < 0xff ? name.number + 1 : 0);
}

// The attribute of that name begins at `begin` and its value at `value`; `count` of others lie before it. Not found: begin is
// the block's end.
struct Place {
  std::uint32_t begin = 0, value = 0, count = 0;
};
Place place_of(const Compact<char>& block, const AttributeName& name) {
  const unsigned char key = key_of(name);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(block.data());
  const unsigned char* const end = bytes + block.size();
  const auto offset = [bytes](const unsigned char* p) { return static_cast<std::uint32_t>(p - bytes); };
  std::uint32_t count = 0;
  for (const unsigned char* p = bytes; p < end; ++count) {
    const unsigned char* const begin = p++;
    if (*begin == 0) {
      const std::string_view text(reinterpret_cast<const char*>(p + 1), *p);
      p += 1 + text.size();
      if (key == 0 && text == name.text) return {offset(begin), offset(p), count};
    } else if (*begin == key) {
      return {offset(begin), offset(p), count};
    }
    p += *p < kNumber ? 1 : bytes_of_value(block, offset(p));
  }
  return {block.size(), 0, count};
}

EventScalar value_at(const Compact<char>& block, std::uint32_t at) {
  const unsigned char type = byte_at(block, at);
  switch (type) {
    case kFalse: return false;
    case kTrue: return true;
    case kNumber: {
      double number;
      std::memcpy(&number, block.data() + at + 1, sizeof number);
      return number;
    }
    case kText: return std::string_view(block.data() + at + 3, length_at(block, at + 1));
    default: return static_cast<double>(type);
  }
}

void append_name(Compact<char>& block, const AttributeName& name) {
  const unsigned char key = key_of(name);
  block.push_back(static_cast<char>(key));
  if (key != 0) return;
  block.push_back(static_cast<char>(name.text.size()));
  block.append(name.text.data(), static_cast<std::uint32_t>(name.text.size()));
}

void append_value(Compact<char>& block, const EventScalar& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    block.push_back(static_cast<char>(*flag ? kTrue : kFalse));
  } else if (const auto* number = std::get_if<double>(&value)) {
    block.push_back(static_cast<char>(kNumber));
    block.append(reinterpret_cast<const char*>(number), sizeof *number);
  } else {
    const std::string_view text = std::get<std::string_view>(value).substr(0, kMaxTextBytes);
    block.push_back(static_cast<char>(kText));
    block.push_back(static_cast<char>(text.size() & 0xff));
    block.push_back(static_cast<char>(text.size() >> 8));
    block.append(text.data(), static_cast<std::uint32_t>(text.size()));
  }
}

}  // namespace

bool next_attribute(const Compact<char>& block, std::uint32_t& at, AttributeName& name, EventScalar& value) {
  if (at >= block.size()) return false;
  const unsigned char key = byte_at(block, at);
  name = {};
  if (key != 0) {
    name.number = key - 1u;
  } else {
    name.text = std::string_view(block.data() + at + 2, byte_at(block, at + 1));
  }
  at += bytes_of_name(block, at);
  value = value_at(block, at);
  at += bytes_of_value(block, at);
  return true;
}

std::optional<EventScalar> find_attribute(const Compact<char>& block, const AttributeName& name) {
  const Place place = place_of(block, name);
  return place.begin == block.size() ? std::nullopt : std::optional(value_at(block, place.value));
}

bool set_attribute(Compact<char>& block, const AttributeName& name, const EventScalar& value) {
  if (name.text.size() > kMaxBytes) return false;
  const auto* number = std::get_if<double>(&value);
  const bool small = number && *number >= 0 && *number < kFalse && *number == static_cast<int>(*number);
  const Place place = place_of(block, name);
  const bool known = place.begin != block.size();
  if (known && small && byte_at(block, place.value) < kFalse) {
    block[place.value] = static_cast<char>(static_cast<unsigned char>(*number));
    return true;
  }
  if (known) block.erase(place.begin, place.value + bytes_of_value(block, place.value) - place.begin);
  if (!known && place.count >= kMaxAttributes) return false;
  if (std::holds_alternative<std::monostate>(value)) return true;
  constexpr std::uint32_t kMostHave = 2;  // bytes: a number of a name and a small number
  block.reserve(block.size() + kMostHave);
  append_name(block, name);
  if (small) {
    block.push_back(static_cast<char>(static_cast<unsigned char>(*number)));
  } else {
    append_value(block, value);
  }
  return true;
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
