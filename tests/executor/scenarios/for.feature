Feature: For Task
  Items one after the other, with names for them, until there are no more or a condition fails.

  Scenario: Item and index go by their default names
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: item-and-index-go-by-their-default-names
      version: '1.0.0'
    do:
      - all:
          for: { in: .list }
          do:
            - one:
                set: { text: '${ (.text // "") + "\($index)\($item)" }', list: '${ .list }' }
          output: { as: .text }
    """
    And given the workflow input is:
    """yaml
    list: [ a, b ]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    0a1b
    """

  Scenario: Item and index go by names of their own
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: item-and-index-go-by-names-of-their-own
      version: '1.0.0'
    do:
      - all:
          for: { each: letter, in: '${ .list }', at: place }
          do:
            - one:
                set:
                  list: ${ .list }
                  text: ${ (.text // []) + [$letter + ($place | tostring)] }
      - end:
          set: { text: '${ .text }' }
    """
    And given the workflow input is:
    """yaml
    list: [ a, b ]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    text: [ a0, b1 ]
    """

  Scenario: A condition ends the loop early
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-condition-ends-the-loop-early
      version: '1.0.0'
    do:
      - all:
          for: { each: n, in: '[range(100)]' }
          while: (.sum // 0) < 10
          do:
            - add:
                set: { sum: '${ (.sum // 0) + $n }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    sum: 10
    """

  Scenario: An array in the definition
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-array-in-the-definition
      version: '1.0.0'
    do:
      - all:
          for:
            each: color
            in: [ { name: red }, { name: green } ]
          do:
            - add:
                set: { names: '${ (.names // []) + [$color.name] }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    names: [ red, green ]
    """

  Scenario: No items, no change
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: no-items-no-change
      version: '1.0.0'
    do:
      - all:
          for: { in: '[]' }
          do:
            - never:
                set: { lost: true }
    """
    And given the workflow input is:
    """yaml
    kept: true
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    kept: true
    """

  Scenario: A loop in a loop
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-loop-in-a-loop
      version: '1.0.0'
    do:
      - rows:
          for: { each: row, in: '[1, 2]' }
          do:
            - columns:
                for: { each: column, in: '[10, 20]' }
                do:
                  - add:
                      set: { all: '${ (.all // []) + [$row * $column] }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    all: [ 10, 20, 20, 40 ]
    """

  Scenario: Something that is no array is an error
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: something-that-is-no-array-is-an-error
      version: '1.0.0'
    do:
      - t:
          try:
            - all:
                for: { in: .number }
                do:
                  - never:
                      set: { lost: true }
          catch:
            do:
              - tell:
                  set: { expression: '${ $error.type | endswith("/expression") }' }
    """
    And given the workflow input is:
    """yaml
    number: 3
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    expression: true
    """

  Scenario: Twenty thousand items
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: twenty-thousand-items
      version: '1.0.0'
    do:
      - all:
          for: { in: '[range(20000)]' }
          do:
            - count:
                set: { n: '${ (.n // 0) + 1 }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 20000
    """
