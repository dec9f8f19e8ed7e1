#include "workers/check_log_file/bookmarks.h"

#include <doctest/doctest.h>

#include "workers/check_log_file/text_source.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_log_file {
namespace {

using checks::FakeHost;

Position At(const std::string& text, uint64_t offset) {
  const TextSource source(text);
  const auto position = MakePosition(source, source.size(), offset);
  REQUIRE(position.ok());
  return *position;
}

uint64_t Resumed(const Position& position, const std::string& text) {
  const TextSource source(text, 100);
  const auto offset = ResumeAt(position, source, source.size());
  REQUIRE(offset.ok());
  return *offset;
}

TEST_CASE("the fingerprint is FNV-1a") {
  // The test vectors of draft-eastlake-fnv.
  CHECK(ToHex(Fnv1a("")) == "cbf29ce484222325");
  CHECK(ToHex(Fnv1a("a")) == "af63dc4c8601ec8c");
  CHECK(ToHex(Fnv1a("foobar")) == "85944171f73967e8");
}

TEST_CASE("a file that grew is read on, another one from its beginning") {
  const std::string head(300, 'h');
  const std::string text = head + "one\ntwo\n";
  const Position position = At(text, text.size());
  const struct {
    const char* what;
    std::string text;
    uint64_t offset;
  } rows[] = {
      {"nothing new", text, text.size()},
      {"more", text + "three\n", text.size()},
      {"cut short", head, 0},
      {"empty", "", 0},
      {"another one of the same size", "x" + text.substr(1), 0},
      {"another one with the same head, and larger", head + "one\nTWO\nthree\n", 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(Resumed(position, row.text) == row.offset);
  }
  // A small file whose head still grows.
  CHECK(Resumed(At("one\n", 4), "one\ntwo\n") == 4);
  CHECK(Resumed(At("one\ntw", 4), "one\ntwo\n") == 4);
  CHECK(Resumed(At("one\ntw", 4), "one\nxx\n") == 0);
  CHECK(Resumed(Position(), "one\n") == 0);
}

TEST_CASE("positions as text") {
  const Position position = At("one\ntwo\n", 4);
  CHECK(ParsePosition(FormatPosition(position)) == position);
  for (const char* damaged :
       {"", "1|2", "2|4|8|1|1", "1|4|8|1|x", "1|-4|8|1|1", "1|4|257|1|1", "1|4|8|1|1|1",
        "1|99999999999999999999|8|1|1"}) {
    CAPTURE(damaged);
    CHECK(ParsePosition(damaged).offset == 0);
  }
}

TEST_CASE("bookmarks outlive the process, each for its name and file") {
  FakeHost host;
  const Position one = At("one\n", 4);
  const Position two = At("one\ntwo\n", 8);
  {
    Bookmarks bookmarks(host);
    CHECK(bookmarks.Find("a", "/log").offset == 0);
    REQUIRE(bookmarks.Save("a", {{"/log", one}, {"/odd \n|\xff", two}}).ok());
    REQUIRE(bookmarks.Save("b", {{"/log", two}}).ok());
    CHECK(bookmarks.Find("a", "/log") == one);
  }
  Bookmarks again(host);
  CHECK(again.Find("a", "/log") == one);
  CHECK(again.Find("a", "/odd \n|\xff") == two);
  CHECK(again.Find("b", "/log") == two);
  CHECK(again.Find("c", "/log").offset == 0);

  // Nothing new is not written again.
  host.stored.clear();
  REQUIRE(again.Save("b", {{"/log", two}}).ok());
  CHECK(host.stored["bookmarks"].empty());
  host.store_answer = Status::Unavailable("the disk is full");
  CHECK(again.Save("b", {{"/log", one}}).message() == "the disk is full");
  CHECK(again.Find("b", "/log") == one);
}

TEST_CASE("storage that fails or is damaged costs bookmarks and no check") {
  FakeHost host;
  host.store_answer = Status::Unavailable("gone");
  Bookmarks none(host);
  CHECK(none.Find("a", "/log").offset == 0);
  CHECK(host.log.size() == 1);
  host.store_answer = Status::Ok();
  const std::string good = FormatPosition(At("one\n", 4));
  for (const std::string& text :
       {std::string("x"), std::string("5"), "99999999999 a\x1f/log " + good,
        "6 a\x1f/log x" + good, std::string("6 a\x1f/log 1|2\n")}) {
    host.stored["bookmarks"]["positions"] = text;
    Bookmarks damaged(host);
    CHECK(damaged.Find("a", "/log").offset == 0);
  }
  host.stored["bookmarks"]["positions"] = "6 a\x1f/log " + good + "\n6 b\x1f/lo";
  Bookmarks cut(host);
  CHECK(cut.Find("a", "/log").offset == 4);
}

TEST_CASE("of too many bookmarks those go that were not used for longest") {
  FakeHost host;
  Bookmarks bookmarks(host);
  const Position one = At("one\n", 4);
  Bookmarks::Positions many;
  for (size_t i = 0; i < kMaxPositions; ++i)
    many.emplace_back("/" + std::to_string(i), one);
  REQUIRE(bookmarks.Save("a", many).ok());
  CHECK(bookmarks.Find("a", "/0") == one);
  REQUIRE(bookmarks.Save("b", {{"/new", one}}).ok());
  CHECK(bookmarks.Find("a", "/0") == one);
  CHECK(bookmarks.Find("a", "/1").offset == 0);
  CHECK(bookmarks.Find("b", "/new") == one);
  Bookmarks::Positions large;
  for (int i = 0; i < 300; ++i) {
    large.emplace_back(std::to_string(i) + std::string(4000, 'x'), one);
  }
  REQUIRE(bookmarks.Save("c", large).ok());
  CHECK(host.stored["bookmarks"]["positions"].size() <= kMaxBookmarkText);
  CHECK(bookmarks.Find("c", "299" + std::string(4000, 'x')) == one);
}

}  // namespace
}  // namespace nscp::check_log_file
