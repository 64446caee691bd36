# Adds the hub's client to the benchmark of peers. The client is the public SDK, built as agencies get it: release.
set(HUB_ROOT ${PEERS_WITH}/../../..)
set(HUB_BUILD ${HUB_ROOT}/build/release)
execute_process(COMMAND ${CMAKE_COMMAND} --preset release WORKING_DIRECTORY ${HUB_ROOT} OUTPUT_QUIET
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build --preset release --target hubd hubctl adapter_sdk
                WORKING_DIRECTORY ${HUB_ROOT} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

pkg_check_modules(HUB_DEPS REQUIRED IMPORTED_TARGET libzmq libsodium libcrypto re2 sqlite3 libutf8proc yaml-cpp)
target_sources(peerbench PRIVATE ${PEERS_WITH}/peer_hub.cpp)
set_source_files_properties(${PEERS_WITH}/peer_hub.cpp PROPERTIES
  COMPILE_OPTIONS "-std=c++20;-DMSGPACK_NO_BOOST;-I${CMAKE_CURRENT_SOURCE_DIR}/src;-I${HUB_ROOT};-I${HUB_BUILD}/generated")
target_link_libraries(peerbench PRIVATE
  ${HUB_BUILD}/adapters/sdk/libadapter_sdk.a ${HUB_BUILD}/hub/registry/libhub_registry.a
  ${HUB_BUILD}/hub/content/libhub_content.a ${HUB_BUILD}/hub/wire/libhub_wire.a ${HUB_BUILD}/hub/libhub_sqlite.a
  ${HUB_BUILD}/hub/libhub_crypto.a ${HUB_BUILD}/hub/libhub_base.a
  PkgConfig::HUB_DEPS)
