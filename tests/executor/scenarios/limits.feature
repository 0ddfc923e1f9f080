Feature: Limits
  What runs away ends in an error of its own, which can be caught, and the workflow goes on.

  Scenario: A loop without end
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-loop-without-end
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { x: '${ def f: f; f }' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/expression' } }
            do:
              - tell:
                  set: { limit: '${ $error.detail | contains("limit") }' }
    """
    And given the workflow input is:
    """yaml
    list: []
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    limit: true
    """

  Scenario: An array without end
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-array-without-end
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { x: '${ [range(1e9)] }' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/expression' } }
            do:
              - tell:
                  set: { limit: '${ $error.detail | contains("limit") }' }
    """
    And given the workflow input is:
    """yaml
    list: []
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    limit: true
    """

  Scenario: A text without end
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-text-without-end
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { x: '${ "a" * 1e9 }' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/expression' } }
            do:
              - tell:
                  set: { limit: '${ $error.detail | contains("limit") }' }
    """
    And given the workflow input is:
    """yaml
    list: []
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    limit: true
    """

  Scenario: A place far out
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-place-far-out
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { x: '${ .list[1e9] = 1 }' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/expression' } }
            do:
              - tell:
                  set: { limit: '${ $error.detail | contains("limit") }' }
    """
    And given the workflow input is:
    """yaml
    list: []
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    limit: true
    """

  Scenario: Nesting without end
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: nesting-without-end
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { x: '${ reduce range(1e9) as $i (null; [.]) }' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/expression' } }
            do:
              - tell:
                  set: { limit: '${ $error.detail | contains("limit") }' }
    """
    And given the workflow input is:
    """yaml
    list: []
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    limit: true
    """
