// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "knowledge/command_table.h"
#include "knowledge/octets.h"
#include "knowledge/text.h"
#include "knowledge/wire.h"

namespace tpmprobe::knowledge {

/// The names that lead to the value being read. Kept as parts, so that a path which nobody asks
/// for costs nothing.
class WirePath {
 public:
  void push(std::string_view name) { steps_[depth_++] = {name, 0}; }
  void push(std::uint32_t index) { steps_[depth_++] = {{}, index}; }
  void pop() { --depth_; }

  /// "inPublic.publicArea.type"; elements of lists by index.
  [[nodiscard]] std::string text() const {
    std::string joined;
    for (const auto& step : std::span(steps_).first(depth_)) {
      joined += joined.empty() ? "" : ".";
      joined += step.name.empty() ? std::to_string(step.index) : std::string(step.name);
    }
    return joined;
  }

 private:
  struct Step {
    std::string_view name;
    std::uint32_t index = 0;
  };
  std::array<Step, kMaxDepth> steps_;
  std::size_t depth_ = 0;
};

/// Walks over octets by the types of structures.json. Every length is checked against the octets
/// that are left before it is used. The visitor hears of each value:
///   kEveryField                         false: values of a fixed length may be passed over
///   begin(path, type, offset) -> mark   a value of this Part 2 type starts
///   integer(mark, number)               it is this number
///   end(mark, offset)                   it ended before `offset`
template <typename Visitor>
class WireWalker {
 public:
  /// Reads `octets`; offsets that are reported count from `base`.
  WireWalker(std::span<const std::uint8_t> octets, std::size_t base, Visitor& visitor)
      : octets_(octets), end_(octets.size()), base_(base), visitor_(visitor) {}

  /// Reads one value called `name`; false if it does not fit, see `error`.
  bool read(std::string_view name, const TypeInfo& type) {
    return name.empty() ? value(type, 0) : inside(name, type, 0);
  }

  /// Reads a value of which only the size is known: an encrypted TPM2B.
  bool read_opaque(std::string_view name, const TypeInfo& type) {
    path_.push(name);
    const auto mark = visitor_.begin(path_, type.name, offset());
    const bool read = buffer(0xffff);
    visitor_.end(mark, offset());
    path_.pop();
    return read;
  }

  /// Whether all octets are read; if not, `error` says how many are left over.
  bool finish() { return position_ == end_ || left_over(); }

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] const WireError& error() const { return *error_; }

 private:
  [[nodiscard]] std::size_t left() const { return end_ - position_; }
  [[nodiscard]] std::size_t offset() const { return base_ + position_; }

  bool fail(std::string message) {
    const auto path = path_.text();
    error_ = WireError{offset(), std::move(message) + (path.empty() ? "" : " in ") + path};
    return false;
  }

  bool left_over() { return fail(std::to_string(left()) + " bytes are left over"); }

  bool need(std::size_t size) {
    return size <= left() ||
           fail("the data ends " + std::to_string(size - left()) + " bytes early");
  }

  template <typename Name>
  bool inside(Name name, const TypeInfo& type, std::uint64_t selector) {
    path_.push(name);
    if (!value(type, selector)) {
      return false;
    }
    path_.pop();
    return true;
  }

  bool value(const TypeInfo& type, std::uint64_t selector) {
    if constexpr (!Visitor::kEveryField) {
      if (type.fixed) {
        return skip(type.minimum);
      }
    }
    const auto mark = visitor_.begin(path_, type.name, offset());
    if (type.kind == Kind::integer) {
      if (!need(type.width)) {
        return false;
      }
      visitor_.integer(mark, big_endian(octets_, position_, type.width));
      position_ += type.width;
    } else if (!contents(type, selector)) {
      return false;
    }
    visitor_.end(mark, offset());
    return true;
  }

  bool contents(const TypeInfo& type, std::uint64_t selector) {
    switch (type.kind) {
      case Kind::integer:
      case Kind::octets:
        return skip(type.width);
      case Kind::counted:
        return skip(static_cast<std::size_t>(selector));
      case Kind::rest:
        return skip(left());
      case Kind::buffer:
        return buffer(type.maximum);
      case Kind::sized:
        return sized(type);
      case Kind::list:
        return list(type);
      case Kind::structure:
        return structure(type);
      case Kind::alternatives:
        return alternatives(type, selector);
    }
    return false;
  }

  bool skip(std::size_t size) {
    if (!need(size)) {
      return false;
    }
    position_ += size;
    return true;
  }

  /// The size or count in front of what follows.
  bool length(std::string_view name, std::size_t width, std::size_t& number) {
    path_.push(name);
    if (!need(width)) {
      return false;
    }
    const auto mark = visitor_.begin(path_, width == 2 ? "UINT16" : "UINT32", offset());
    number = static_cast<std::size_t>(big_endian(octets_, position_, width));
    position_ += width;
    visitor_.integer(mark, number);
    visitor_.end(mark, offset());
    path_.pop();
    return true;
  }

  bool buffer(std::uint32_t maximum) {
    std::size_t size = 0;
    if (!length("size", 2, size)) {
      return false;
    }
    if (size > maximum) {
      return fail("size " + std::to_string(size) + " is more than the " + std::to_string(maximum) +
                  " bytes of its type");
    }
    path_.push("buffer");
    const auto mark = visitor_.begin(path_, "BYTE", offset());
    const bool read = skip(size);
    visitor_.end(mark, offset());
    path_.pop();
    return read;
  }

  bool sized(const TypeInfo& type) {
    std::size_t size = 0;
    if (!length("size", 2, size) || !need(size)) {
      return false;
    }
    if (size == 0) {
      return type.optional || fail("size is 0");
    }
    const auto outer = std::exchange(end_, position_ + size);
    const auto& member = type.members.front();
    if (!inside(member.name, types_[member.type], 0) || !finish()) {
      return false;
    }
    end_ = outer;
    return true;
  }

  bool list(const TypeInfo& type) {
    std::size_t count = 0;
    if (!length("count", 4, count)) {
      return false;
    }
    const auto& element = types_[type.members.front().type];
    if (count > type.maximum || count > left() / element.minimum) {
      return fail("count " + std::to_string(count) + " is more than " +
                  std::to_string(std::min<std::size_t>(type.maximum, left() / element.minimum)) +
                  ", which is what fits");
    }
    if constexpr (!Visitor::kEveryField) {
      if (element.fixed) {
        return skip(count * element.minimum);
      }
    }
    for (std::uint32_t index = 0; index < count; ++index) {
      if (!inside(index, element, 0)) {
        return false;
      }
    }
    return true;
  }

  bool structure(const TypeInfo& type) {
    std::uint64_t selector = 0;
    for (std::size_t index = 0; index < type.members.size(); ++index) {
      const auto& member = type.members[index];
      const auto& inner = types_[member.type];
      if (static_cast<int>(index) == type.selector && inner.width <= left()) {
        selector = big_endian(octets_, position_, inner.width);
      }
      if (!inside(member.name, inner, selector)) {
        return false;
      }
    }
    return true;
  }

  bool alternatives(const TypeInfo& type, std::uint64_t selector) {
    const auto found = std::ranges::find(type.alternatives, selector, &Alternative::selector);
    if (found != type.alternatives.end()) {
      return inside(found->name, types_[found->type], 0);
    }
    if (type.members.empty()) {
      return fail("selector " + hex(selector, 4) + " is not one of " + std::string(type.name));
    }
    const auto& otherwise = type.members.front();
    return inside(otherwise.name, types_[otherwise.type], 0);
  }

  std::span<const std::uint8_t> octets_;
  std::size_t position_ = 0;
  std::size_t end_;
  std::size_t base_;
  Visitor& visitor_;
  std::span<const TypeInfo> types_ = types();
  WirePath path_;
  std::optional<WireError> error_;
};

}  // namespace tpmprobe::knowledge
