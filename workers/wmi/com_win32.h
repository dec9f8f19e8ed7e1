// COM with owners: the apartment of a thread, references to objects, texts and values.
// For *_win32.cpp files alone. Objects of one thread, save where COM says otherwise.
#pragma once

#include <windows.h>
// These two need windows.h before them.
#include <oleauto.h>
#include <unknwn.h>

#include <string>
#include <string_view>
#include <utility>

#include "proto/cpp/status.h"

namespace nscp::wmi {

// Holds this thread in the process's multithreaded apartment, so that calls into COM may
// block without a message loop. Must outlive what was made in it, on its own thread.
class Apartment {
 public:
  static Result<Apartment> Enter();
  ~Apartment() { Leave(); }
  Apartment(Apartment&& other) noexcept
      : entered_(std::exchange(other.entered_, false)) {}
  Apartment& operator=(Apartment&& other) noexcept {
    if (this != &other) {
      Leave();
      entered_ = std::exchange(other.entered_, false);
    }
    return *this;
  }

 private:
  Apartment() = default;
  void Leave();
  bool entered_ = false;
};

// One reference to an object of COM.
template <class T>
class ComPtr {
 public:
  ComPtr() = default;
  ~ComPtr() { Release(); }
  ComPtr(ComPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  ComPtr& operator=(ComPtr&& other) noexcept {
    if (this != &other) {
      Release();
      object_ = std::exchange(other.object_, nullptr);
    }
    return *this;
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }
  // For functions that give an object by pointer: what was owned is let go first.
  T** Receive() {
    Release();
    return &object_;
  }
  void** ReceiveAny() { return reinterpret_cast<void**>(Receive()); }

 private:
  void Release() {
    if (T* object = std::exchange(object_, nullptr)) object->Release();
  }
  T* object_ = nullptr;
};

// A text of COM; one without letters is null, which COM takes for "".
class Bstr {
 public:
  Bstr() = default;
  explicit Bstr(std::string_view utf8);
  ~Bstr() { ::SysFreeString(text_); }
  Bstr(const Bstr&) = delete;
  Bstr& operator=(const Bstr&) = delete;

  BSTR get() const { return text_; }
  BSTR* Receive();
  std::string text() const;

 private:
  BSTR text_ = nullptr;
};

// A VARIANT, empty at first.
class Variant {
 public:
  Variant() { ::VariantInit(&value_); }
  // A text, or empty where there is none.
  explicit Variant(std::string_view utf8);
  explicit Variant(long number);
  ~Variant() { ::VariantClear(&value_); }
  Variant(const Variant&) = delete;
  Variant& operator=(const Variant&) = delete;

  const VARIANT& get() const { return value_; }
  VARIANT* Receive();

 private:
  VARIANT value_;
};

std::string TextOf(BSTR text);

// "<doing>: <words>" of an HRESULT, WMI's own included.
Status ComStatus(const std::string& doing, HRESULT result);

}  // namespace nscp::wmi
