package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
)

// AddFeeds adds feed URLs to the list of a settings file, which it makes if need
// be, and returns those that were not in it. Comments and the order of the file
// stay.
func AddFeeds(path string, urls []string) (added []string, err error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("settings: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("settings: %s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	list, err := feedList(&doc)
	if err != nil {
		return nil, fmt.Errorf("settings: %s: %w", path, err)
	}
	for _, u := range urls {
		if !slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return n.Value == u }) {
			list.Content = append(list.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: u})
			added = append(added, u)
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	out, err := yaml.Marshal(&doc)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return added, replace(path, out)
}

// feedList returns the list of feeds of a settings file, a new one if it has none.
func feedList(doc *yaml.Node) (*yaml.Node, error) {
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: want a mapping of settings to values", root.Line)
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if key.Value != "feeds" && key.Value != "feed" {
			continue
		}
		switch {
		case value.Kind == yaml.SequenceNode:
			value.Style &^= yaml.FlowStyle // one a line
		case value.Kind == yaml.ScalarNode && value.Tag == "!!null":
			*value = yaml.Node{Kind: yaml.SequenceNode}
		case value.Kind == yaml.ScalarNode:
			one := *value
			*value = yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{&one}}
		default:
			return nil, fmt.Errorf("line %d: %s is no list", value.Line, key.Value)
		}
		return value, nil
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "feeds"}, list)
	return list, nil
}

// replace writes a file so that a crash leaves the old or the new one.
func replace(path string, data []byte) error {
	mode := fs.FileMode(0o600) // feeds may have passwords
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".claimwire-*")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(mode), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("settings: %w", errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}
