#include "workers/checks/argument_macros.h"

#include <doctest/doctest.h>

namespace nscp::checks {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("places in a word are filled, and only these") {
  struct {
    std::string text;
    Words arguments;
    std::string expanded;
  } const rows[] = {
      {"warn=load>$ARG1$", {"80"}, "warn=load>80"},
      {"%ARG2%-$ARG1$-%ARG1%", {"a", "b"}, "b-a-a"},
      {"$ARG2$", {"a"}, "$ARG2$"},
      {"$ARG1$", {"$ARG1$"}, "$ARG1$"},  // not expanded again
      {"$ARG$ $ARG0$ $ARG99999$ $ARG1% %ARG1%",
       {"v"},
       "$ARG$ $ARG0$ $ARG99999$ $ARG1% v"},
      {"$ARG10$", {"1", "2", "3", "4", "5", "6", "7", "8", "9", "ten"}, "ten"},
      {"all: $ARGS$.", {"a", "b c"}, "all: a b c."},
      {"all: $ARGS\"$.", {"a", "b c"}, "all: \"a\" \"b c\"."},
      {"<%ARGS%>", {}, "<>"},
      {"100% $5 $", {"v"}, "100% $5 $"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto expanded = ExpandMacros(row.text, row.arguments);
    REQUIRE(expanded.ok());
    CHECK(*expanded == row.expanded);
  }
}

TEST_CASE("a word for all arguments becomes a word for each") {
  const Words arguments = {"a b", "", "c"};
  for (const char* all : {"$ARGS$", "%ARGS%", "$ARGS\"$", "%ARGS\"%"}) {
    CAPTURE(all);
    CHECK(*ExpandMacros(Words{"x", all, "y"}, arguments) ==
          Words{"x", "a b", "", "c", "y"});
    CHECK(*ExpandMacros(Words{"x", all}, {}) == Words{"x"});
  }
  CHECK(*ExpandMacros(Words{"", "$ARG1$"}, {"$ARGS$"}) == Words{"", "$ARGS$"});
}

TEST_CASE("no word grows without bound") {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "$ARG1$";
  CHECK(ExpandMacros(many, {std::string(1000, 'x')})->size() == 1000000);
  CHECK(ExpandMacros(many, {std::string(2000, 'x')}).status().code() ==
        Code::kResourceExhausted);
}

TEST_CASE("a place without an argument is known") {
  CHECK(LacksArgument("a $ARG1$", 0));
  CHECK(LacksArgument("a $ARG1$ %ARG2%", 1));
  CHECK_FALSE(LacksArgument("a $ARG1$", 1));
  CHECK_FALSE(LacksArgument("a $ARGS$ $5", 0));
}

}  // namespace
}  // namespace nscp::checks
