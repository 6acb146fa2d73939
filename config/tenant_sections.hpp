/// The parts of a tenant's file; used by `tenant_file.cpp` alone.
#pragma once

#include "config/table_reader.hpp"
#include "config/tenant_file.hpp"

#include <filesystem>
#include <vector>

namespace assistly::config {

void read_retention(table_reader& root, const retention_settings& bounds,
                    std::vector<config_fault>& faults, tenant_plan& into);
void read_handover(table_reader& root, std::vector<config_fault>& faults,
                   tenant_plan& into);
void read_channels(table_reader& root, const std::filesystem::path& folder,
                   std::vector<config_fault>& faults, tenant_plan& into);
/// After the tenant's languages are known.
void read_knowledge(table_reader& root, std::vector<config_fault>& faults,
                    tenant_plan& into);
void read_comment_rules(table_reader& root, std::vector<config_fault>& faults,
                        tenant_plan& into);
void read_members(table_reader& root, std::vector<config_fault>& faults,
                  tenant_plan& into);

} // namespace assistly::config
