#include "workers/sdk/objects.h"

#include <algorithm>
#include <map>

#include "proto/cpp/text.h"

namespace nscp::sdk {
namespace {

constexpr std::string_view kParent = "parent";
constexpr std::string_view kIsTemplate = "is template";
constexpr std::string_view kAlias = "alias";

const Property* FindProperty(const std::vector<Property>& properties,
                             std::string_view key) {
  const auto found =
      std::find_if(properties.begin(), properties.end(),
                   [&](const Property& own) { return EqualsIgnoreCase(own.key, key); });
  return found == properties.end() ? nullptr : &*found;
}

// A section as it stands, or the line of that name.
struct Node {
  std::string name;
  std::string value;
  std::vector<Property> keys;

  std::string Get(std::string_view key) const {
    const Property* found = FindProperty(keys, key);
    return found ? found->value : "";
  }
};

class Reader {
 public:
  Reader(const Settings& settings, std::string_view path) : settings_(settings) {
    while (EndsWith(path, "/")) path.remove_suffix(1);
    path_ = path;
    for (const Settings::Entry& entry : settings.all()) AddSection(entry);
    for (const Settings::Entry& entry : settings.Keys(path)) {
      if (Node* node = NodeOf(entry.key)) node->value = entry.value;
    }
  }

  ObjectList Read() {
    for (const Node& node : nodes_) {
      if (EqualsIgnoreCase(node.name, kDefaultObject) || IsTemplate(node)) continue;
      list_.objects.push_back(ObjectOf(node));
    }
    return std::move(list_);
  }

 private:
  bool IsTemplate(const Node& node) const {
    return settings_.GetBool(path_ + "/" + node.name, kIsTemplate, false);
  }

  // Null beyond the bound.
  Node* NodeOf(std::string_view name) {
    const auto [place, is_new] = places_.emplace(ToLowerAscii(name), nodes_.size());
    if (!is_new) return &nodes_[place->second];
    if (nodes_.size() >= kMaxObjects) {
      places_.erase(place);
      if (!is_full_) {
        list_.problems.push_back("more than " + std::to_string(kMaxObjects) +
                                 " objects below " + path_ + "; '" + std::string(name) +
                                 "' and those after it are ignored");
      }
      is_full_ = true;
      return nullptr;
    }
    nodes_.push_back({std::string(name), "", {}});
    return &nodes_.back();
  }

  void AddSection(const Settings::Entry& entry) {
    const std::string_view path = entry.path;
    if (path.size() <= path_.size() + 1 || path[path_.size()] != '/' ||
        !EqualsIgnoreCase(path.substr(0, path_.size()), path_)) {
      return;
    }
    const std::string_view below = path.substr(path_.size() + 1);
    const std::string_view name = below.substr(0, below.find('/'));
    Node* node = name.empty() ? nullptr : NodeOf(name);
    if (!node) return;
    const std::string_view deeper = below.substr(name.size());
    if (deeper.empty() || deeper == "/") node->keys.push_back({entry.key, entry.value});
  }

  SettingsObject ObjectOf(const Node& node) {
    SettingsObject object{node.name, node.Get(kAlias), node.value, {}};
    if (object.alias.empty()) object.alias = node.name;
    const Node* at = &node;
    std::string name = node.name;
    std::vector<std::string> chain;
    for (;;) {
      if (at) Inherit(at->keys, &object);
      chain.push_back(name);
      std::string parent = at ? at->Get(kParent) : "";
      if (parent.empty()) parent = kDefaultObject;
      // Whoever is its own parent has none; "default" has none unless it names one.
      if (EqualsIgnoreCase(parent, name)) return object;
      if (!MayFollow(parent, chain)) return object;
      const auto place = places_.find(ToLowerAscii(parent));
      at = place == places_.end() ? nullptr : &nodes_[place->second];
      name = std::move(parent);
    }
  }

  static void Inherit(const std::vector<Property>& keys, SettingsObject* object) {
    for (const Property& key : keys) {
      // An empty value inherits, as if the key were not there.
      const bool is_own = EqualsIgnoreCase(key.key, kParent) ||
                          EqualsIgnoreCase(key.key, kIsTemplate) ||
                          EqualsIgnoreCase(key.key, kAlias) || key.value.empty();
      if (!is_own && !FindProperty(object->properties, key.key)) {
        object->properties.push_back(key);
      }
    }
  }

  bool MayFollow(const std::string& parent, const std::vector<std::string>& chain) {
    const bool is_circle = std::any_of(
        chain.begin(), chain.end(),
        [&](const std::string& before) { return EqualsIgnoreCase(before, parent); });
    if (!is_circle && chain.size() <= kMaxObjectParents) return true;
    list_.problems.push_back(
        is_circle
            ? "'" + chain.front() + "' below " + path_ + ": its parents form a circle (" +
                  Join(chain, ", ") + ", " + parent + ")"
            : "'" + chain.front() + "' below " + path_ + " has more than " +
                  std::to_string(kMaxObjectParents) + " parents");
    return false;
  }

  const Settings& settings_;
  std::string path_;
  std::vector<Node> nodes_;
  std::map<std::string, size_t> places_;  // lower-cased name
  bool is_full_ = false;
  ObjectList list_;
};

}  // namespace

std::string SettingsObject::Get(std::string_view key, std::string_view otherwise) const {
  const Property* found = FindProperty(properties, key);
  return found ? found->value : std::string(otherwise);
}

ObjectList ReadObjects(const Settings& settings, std::string_view path) {
  return Reader(settings, path).Read();
}

}  // namespace nscp::sdk
