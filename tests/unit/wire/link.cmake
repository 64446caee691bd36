target_sources(unit_wire PRIVATE ${CMAKE_CURRENT_LIST_DIR}/samples.cpp)
target_link_libraries(unit_wire PRIVATE nlohmann_json::nlohmann_json)
# The leaf that a recipient computes is held against the journal's; its codec stands alone.
target_sources(unit_wire PRIVATE ${CMAKE_SOURCE_DIR}/hub/journal/record_codec.cpp)
