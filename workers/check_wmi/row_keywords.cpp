#include "workers/check_wmi/row_keywords.h"

#include <memory>
#include <optional>

#include "workers/checks/formats.h"

namespace nscp::check_wmi {
namespace {

using checks::Keywords;
using Entry = Keywords<RowView>::Entry;
using wmi::At;
using wmi::Column;
using wmi::Kind;

std::string_view PlainText(const wmi::Value& value) {
  return value.is_null ? std::string_view(kNull) : std::string_view(value.text);
}

// Numbers of WMI are often bytes, so a literal may have a unit of these.
Result<checks::Value> ConvertNumber(const checks::Literal& literal, const RowView*) {
  const Status wrong =
      Status::InvalidArgument("Cannot compare to " + literal.text +
                              ": write a number, or a size such as 10G (b k m g t)");
  if (literal.kind == checks::Literal::Kind::kText) {
    const checks::Value number = checks::ToNumber(checks::Value::Text(literal.text));
    if (!number.sure) return wrong;
    return number;
  }
  if (literal.unit == 0) {
    return literal.kind == checks::Literal::Kind::kInteger
               ? checks::Value::Integer(literal.integer)
               : checks::Value::Real(literal.real);
  }
  const auto unit = checks::BytesOf(literal.unit);
  if (!unit) return wrong;
  return checks::Value::Integer(checks::RoundToInteger(literal.real * *unit));
}

auto IntegerAt(size_t place) {
  return [place](const RowView& view) { return At(*view.row, place).integer; };
}

// The keywords of one answer's columns, one after the other.
class Builder {
 public:
  Builder(Keywords<RowView>& keywords, const checks::TimeZone& zone, bool label_has_row)
      : keywords_(keywords), zone_(zone), label_has_row_(label_has_row) {}

  void Add(const Column& column, size_t place) {
    const std::string description = "The column " + column.name;
    switch (column.kind) {
      case Kind::kText:
      case Kind::kList:
        keywords_.Text(column.name, description, [place](const RowView& view) {
          return PlainText(At(*view.row, place));
        });
        return;
      case Kind::kReal:
        Finish(column, place,
               keywords_.Real(column.name, description,
                              [place](const RowView& view) -> std::optional<double> {
                                const wmi::Value& value = At(*view.row, place);
                                if (value.is_null) return std::nullopt;
                                return value.real;
                              }));
        return;
      case Kind::kDate:
        Finish(column, place, keywords_.Date(column.name, description, IntegerAt(place)));
        return;
      case Kind::kInterval:
        Finish(column, place,
               keywords_.Duration(column.name, description, IntegerAt(place)));
        return;
      case Kind::kInteger:
      case Kind::kBoolean:
        Finish(column, place,
               keywords_.Integer(column.name, description, IntegerAt(place))
                   .Convert(ConvertNumber));
        return;
    }
  }

 private:
  void Finish(const Column& column, size_t place, Entry entry) {
    const Kind kind = column.kind;
    entry.NoValue(kNull)
        .TextFace(
            [place](const RowView& view) { return PlainText(At(*view.row, place)); })
        .Human([place, kind, zone = zone_](const RowView& view) {
          return TextOf(At(*view.row, place), kind, zone);
        })
        .Perf("", label_has_row_ ? " " + column.name : column.name);
  }

  Keywords<RowView>& keywords_;
  const checks::TimeZone& zone_;
  const bool label_has_row_;
};

}  // namespace

std::string TextOf(const wmi::Value& value, Kind kind, const checks::TimeZone& zone) {
  if (!value.is_null && value.integer) {
    if (kind == Kind::kDate) return zone.Format(*value.integer);
    if (kind == Kind::kInterval) return checks::FormatUptime(*value.integer);
  }
  return std::string(PlainText(value));
}

Keywords<RowView> RowKeywords(const std::vector<Column>& columns,
                              const checks::TimeZone& zone, bool label_has_row) {
  Keywords<RowView> keywords;
  keywords.Text("line",
                "All columns of the row, with commas between them; the columns "
                "themselves are keywords of their own names",
                [columns, zone](const RowView& view, std::string& out) {
                  for (size_t i = 0; i < columns.size(); ++i) {
                    if (i > 0) out += ", ";
                    out += TextOf(At(*view.row, i), columns[i].kind, zone);
                  }
                });
  keywords.Text("row", "Number of the row; empty where there is only one",
                [](const RowView& view, std::string& out) {
                  if (view.number > 0) out = std::to_string(view.number);
                });
  Builder builder(keywords, zone, label_has_row);
  for (size_t i = 0; i < columns.size(); ++i) builder.Add(columns[i], i);
  return keywords;
}

}  // namespace nscp::check_wmi
