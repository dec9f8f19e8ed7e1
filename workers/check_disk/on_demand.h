// Something that is made when it is first asked for, and then only read: the tables of a
// check take some tens of kilobytes, and most agents never ask for most checks. Any
// thread; the first ones wait for each other.
#pragma once

#include <mutex>
#include <optional>

namespace nscp::check_disk {

template <class T>
class OnDemand {
 public:
  const T& operator*() const {
    std::call_once(once_, [this] { made_.emplace(); });
    return *made_;
  }
  const T* operator->() const { return &**this; }

 private:
  mutable std::once_flag once_;
  mutable std::optional<T> made_;
};

}  // namespace nscp::check_disk
