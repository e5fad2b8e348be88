# SPDX-License-Identifier: BSD-2-Clause
"""The context words of codes/ and messages/ as a C++ table: context_data.py KNOWLEDGE_DIR OUT.cpp"""

import sys

from causes import MOST_CONTEXT_WORDS, context_words
from facts import array, literal, write


def main(folder, output):
    words = context_words(folder)
    if len(words) > MOST_CONTEXT_WORDS:
        sys.exit(f"{folder}: {len(words)} context words, more than {MOST_CONTEXT_WORDS}")
    body = "\n".join((array("std::string_view", "kWords", [literal(word) for word in words]),
                      "}  // namespace\n",
                      "std::span<const std::string_view> context_words() { return kWords; }\n"))
    write(output, __file__, ("knowledge/context.h",), body)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
