"""HTTP as the gateway bounds it: connections, hosts, origins, headers, bodies."""
