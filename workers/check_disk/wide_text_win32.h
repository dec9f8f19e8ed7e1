// Names between our UTF-8 and the UTF-16 of Windows; what is neither becomes U+FFFD. Any
// thread.
#pragma once

#include <string>

namespace nscp::check_disk {

std::string Utf8(const wchar_t* text);
std::wstring Wide(const std::string& text);

}  // namespace nscp::check_disk
