#include <doctest/doctest.h>

#include <string>

#include "tests/bench/load/answer.h"
#include "tests/bench/load/histogram.h"

namespace nscp::bench {
namespace {

using State = AnswerReader::State;

TEST_CASE("a quantile is off by less than one percent") {
  for (const uint64_t value : {1ULL, 127ULL, 128ULL, 255ULL, 256ULL, 257ULL, 1000ULL,
                               54321ULL, 1234567ULL, 987654321ULL, 600000000000ULL}) {
    Histogram one;
    one.Add(value);
    one.Add(2 * value);  // the largest is kept exactly: ask for another
    const auto got = static_cast<double>(one.Quantile(0.5));
    CHECK(got == doctest::Approx(static_cast<double>(value)).epsilon(0.01));
  }
}

TEST_CASE("quantiles count through all values, merged ones too") {
  Histogram low;
  Histogram all;
  for (uint64_t i = 1; i <= 100; ++i) (i <= 50 ? low : all).Add(i);
  all.Merge(low);
  CHECK(all.count() == 100);
  CHECK(all.Quantile(0.5) == 50);
  CHECK(all.Quantile(0.99) == 99);
  CHECK(all.Quantile(1.0) == 100);
  CHECK(all.max() == 100);
}

TEST_CASE(
    "an empty histogram has quantile 0, and a huge value falls into the last bucket") {
  Histogram histogram;
  CHECK(histogram.Quantile(0.5) == 0);
  histogram.Add(UINT64_MAX);
  CHECK(histogram.max() == UINT64_MAX);
  CHECK(histogram.Quantile(0.5) > 1000000000000ULL);
}

TEST_CASE("an answer is complete wherever its bytes are cut") {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length:  5 \r\n\r\nhello";
  for (size_t cut = 0; cut < answer.size(); ++cut) {
    AnswerReader reader("");
    if (cut > 0) CHECK(reader.Append(answer.substr(0, cut)) == State::kMore);
    CHECK(reader.Append(answer.substr(cut)) == State::kComplete);
    CHECK(reader.status() == 200);
    CHECK_FALSE(reader.closes());
  }
}

TEST_CASE("a reader reads the next answer after a reset") {
  AnswerReader reader("\"result\":3");
  CHECK(reader.Append(
            "HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") ==
        State::kComplete);
  CHECK(reader.status() == 503);
  CHECK(reader.closes());
  reader.Reset();
  CHECK(reader.Append("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"result\":3}") ==
        State::kComplete);
  CHECK(reader.status() == 200);
  CHECK_FALSE(reader.closes());
  CHECK(reader.unwanted());
}

TEST_CASE("an answer that cannot be framed is malformed") {
  for (const std::string_view answer :
       {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n"}) {
    AnswerReader reader("");
    CHECK(reader.Append(answer) == State::kMalformed);
  }
  AnswerReader reader("");
  CHECK(reader.Append("HTTP/1.1 200 OK\r\n" + std::string(AnswerReader::kMaxHead, 'x')) ==
        State::kMalformed);
}

}  // namespace
}  // namespace nscp::bench
