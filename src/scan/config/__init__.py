"""The config: one YAML file a profile, read into frozen values. The only room that knows YAML."""
