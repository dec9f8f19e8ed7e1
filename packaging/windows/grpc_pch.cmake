# Included by gRPC's own project() call (CMAKE_PROJECT_grpc_INCLUDE), so its sources stay as
# they are. The calls are made when its targets exist.
cmake_language(DEFER CALL target_precompile_headers grpc PRIVATE
  "$<$<COMPILE_LANGUAGE:CXX>:${CMAKE_CURRENT_LIST_DIR}/grpc_pch.inc>")
cmake_language(DEFER CALL target_precompile_headers grpc++ PRIVATE
  "$<$<COMPILE_LANGUAGE:CXX>:${CMAKE_CURRENT_LIST_DIR}/grpc_pch.inc>")
