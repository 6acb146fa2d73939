/// Settings, channels and knowledge as the bytes that are sealed.
#pragma once

#include "model/outcome.hpp"
#include "model/tenant_settings.hpp"

namespace assistly::storage {

std::string to_record(const tenant_settings& settings);
outcome<tenant_settings> settings_from_record(std::string_view record);

std::string to_record(const channel_access& access);
outcome<channel_access> access_from_record(std::string_view record);

std::string to_record(const knowledge_item& item);
outcome<knowledge_item> knowledge_from_record(std::string_view record);

} // namespace assistly::storage
