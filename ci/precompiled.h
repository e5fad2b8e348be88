// SPDX-License-Identifier: BSD-2-Clause
// Headers of the standard library and of packaged libraries that nearly every source includes, for
// the precompiled header. A source still includes what it uses: clang-tidy builds without this.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <tl/expected.hpp>
